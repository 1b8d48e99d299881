"""Asks other tools about statements that Plimsoll signed, and signs statements as they do.

    signing_peers.py read FOLDER   verifies every KIND.NAME.json by KIND.pub; one line of JSON for each answer
    signing_peers.py sign FOLDER   signs label.json with new keys of every kind; names each file and its key

Tools: securesystemslib (envelopes), in-toto-attestation (statements), sigstore-python (the bundle's form), openssl (the
bytes that are signed). Exit code 3: a package is missing.
"""

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import in_toto_attestation.v1.statement_pb2 as statement_pb2
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import Statement
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import CryptoSigner, SSlibKey
    from sigstore.models import Bundle, InvalidBundle
except ImportError as missing:
    print(f"{missing}: pip install -r requirements-provenance.txt", file=sys.stderr)
    sys.exit(3)

INTOTO = "application/vnd.in-toto+json"
SCHEMES = {"secp256r1": "ecdsa-sha2-nistp256", "secp384r1": "ecdsa-sha2-nistp384"}
MAKES = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
HASHES = {"p256": "-sha256", "p384": "-sha384"}


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def library_key(public, keyid):
    if isinstance(public, ec.EllipticCurvePublicKey):
        return SSlibKey.from_crypto(public, keyid, SCHEMES[public.curve.name])
    return SSlibKey.from_crypto(public, keyid)


def public_key(path):
    return serialization.load_pem_public_key(path.read_bytes())


# ---- reading


def by_library(envelope, key):
    """Does securesystemslib take it?"""
    try:
        Envelope.from_dict(json.loads(json.dumps(envelope))).verify([key], 1)
    except VerificationError:
        return False
    return True


def by_openssl(kind, public, message, signature):
    """Does openssl take a signature over these bytes?"""
    with tempfile.TemporaryDirectory() as folder:
        data, sig = Path(folder, "data"), Path(folder, "sig")
        data.write_bytes(message)
        sig.write_bytes(signature)
        if kind == "ed25519":
            how = ["pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", data, "-sigfile", sig]
        else:
            how = ["dgst", HASHES[kind], "-verify", public, "-signature", sig, data]
        return subprocess.run(["openssl", *map(str, how)], capture_output=True, check=False).returncode == 0


def damaged(envelope):
    """The envelope with one thing wrong, by name."""
    payload = base64.b64decode(envelope["payload"])
    first = envelope["signatures"][0]
    signature = bytearray(base64.b64decode(first["sig"]))
    signature[-1] ^= 1
    other = base64.b64encode(payload.replace(b'"predicate"', b'"predicate" ', 1)).decode()
    yield "payload", {**envelope, "payload": other}
    yield "type", {**envelope, "payloadType": "text/plain"}
    yield "signature", {**envelope, "signatures": [{**first, "sig": base64.b64encode(signature).decode()}]}


def as_bundle(raw):
    """What sigstore-python says of a bundle by a key; it reads those by certificates alone."""
    try:
        Bundle.from_json(raw)
    except InvalidBundle as refused:
        return " ".join(str(refused).split())
    return "read"


def with_empty_log(bundle):
    """The bundle with an empty list of log entries, which sigstore-python misses where protobuf's JSON leaves it out."""
    material = {**bundle["verificationMaterial"], "tlogEntries": []}
    return json.dumps({**bundle, "verificationMaterial": material})


def read(folder):
    kinds = {one: folder / f"{one}.pub" for one in MAKES}
    for path in sorted(folder.glob("*.*.json")):
        kind, name = path.name.split(".")[:2]
        raw = path.read_bytes()
        bundle = json.loads(raw)
        envelope = bundle["dsseEnvelope"]
        payload = base64.b64decode(envelope["payload"], validate=True)
        (signature,) = envelope["signatures"]
        keyid = signature["keyid"]
        message = pae(envelope["payloadType"], payload)
        library = {one: by_library(envelope, library_key(public_key(public), keyid)) for one, public in kinds.items()}
        proven = {
            one: by_openssl(one, public, message, base64.b64decode(signature["sig"])) for one, public in kinds.items()
        }
        key = library_key(public_key(kinds[kind]), keyid)
        wrong = {what: by_library(one, key) for what, one in damaged(envelope)}
        wrong["openssl"] = by_openssl(kind, kinds[kind], message + b" ", base64.b64decode(signature["sig"]))
        message = json_format.Parse(payload, statement_pb2.Statement())
        statement = Statement.copy_from_pb(message)
        statement.validate()
        hint = base64.b64decode(bundle["verificationMaterial"]["publicKey"]["hint"], validate=True)
        print(
            json.dumps(
                {
                    "kind": kind,
                    "name": name,
                    "securesystemslib": library,
                    "openssl": proven,
                    "damaged": wrong,
                    "predicateType": message.predicate_type,
                    "subjects": [dict(one.digest) for one in message.subject],
                    "hintIsKeyid": hint.hex() == keyid,
                    "sigstore": as_bundle(raw),
                    "sigstoreWithLog": as_bundle(with_empty_log(bundle)),
                }
            )
        )


# ---- signing


def sign(folder):
    payload = (folder / "label.json").read_bytes()

    def write(name, content, key, good=True):
        (folder / name).write_text(json.dumps(content))
        print(json.dumps({"file": name, "key": key, "good": good}))

    for kind, make in MAKES.items():
        private = make()
        public = private.public_key()
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        key = f"theirs-{kind}.pub"
        (folder / key).write_bytes(pem)
        secret = folder / f"theirs-{kind}.key"
        secret.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        # securesystemslib names keys by a digest of its own form of them
        signer = CryptoSigner(private, library_key(public, None) if kind != "ed25519" else SSlibKey.from_crypto(public))
        envelope = Envelope(payload, INTOTO, {})
        envelope.sign(signer)
        library = envelope.to_dict()
        write(f"library-{kind}.dsse.json", library, key)
        write(f"library-{kind}.sigstore.json", bundle(library, signer.public_key.keyid), key)
        other = Envelope(payload, "text/plain", {})
        other.sign(signer)
        write(f"library-{kind}-text.dsse.json", {**other.to_dict(), "payloadType": INTOTO}, key, good=False)
        # openssl signs the bytes and knows neither envelopes nor names
        with tempfile.TemporaryDirectory() as aside:
            data, sig = Path(aside, "data"), Path(aside, "sig")
            data.write_bytes(pae(INTOTO, payload))
            if kind == "ed25519":
                how = ["pkeyutl", "-sign", "-inkey", secret, "-rawin", "-in", data, "-out", sig]
            else:
                how = ["dgst", HASHES[kind], "-sign", secret, "-out", sig, data]
            subprocess.run(["openssl", *map(str, how)], check=True, capture_output=True)
            signature = base64.b64encode(sig.read_bytes()).decode()
        by_hand = {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": INTOTO,
            "signatures": [{"keyid": "", "sig": signature}],
        }
        write(f"openssl-{kind}.dsse.json", by_hand, key)
        write(f"openssl-{kind}.sigstore.json", bundle(by_hand, ""), key)
        for other_kind in MAKES:
            if other_kind != kind:
                write(f"openssl-{kind}-for-{other_kind}.dsse.json", by_hand, f"theirs-{other_kind}.pub", good=False)


def bundle(envelope, hint):
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": hint}},
        "dsseEnvelope": envelope,
    }


if __name__ == "__main__":
    {"read": read, "sign": sign}[sys.argv[1]](Path(sys.argv[2]))
