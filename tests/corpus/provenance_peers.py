#!/usr/bin/env python3
"""Asks other verifiers about a table of attestations: sigstore, pypi-attestations, in-toto-attestation, securesystemslib.

usage: provenance_peers.py CASES_JSON BASE_FOLDER [--only-kind KIND]... [--differences] [--seconds]

Prints one JSON object a line: case, tool, version, result (pass, fail, not-run), error, expect, covers, agrees.
`covers` are the layers that the tool looks at here. `agrees` is null where nothing can be said: the tool did not run, or
it said pass and the flaw lies in a layer that it does not look at. `--differences` prints only what disagrees, `--seconds`
adds how long the case took.
Exit status: 0 all agree, 1 some disagree, 3 a library is missing. Minisign signatures need the program `minisign`.
No network: connections are refused.
"""

import argparse
import base64
import datetime
import json
import logging
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib import metadata, resources
from pathlib import Path

try:
    import in_toto_attestation.v1.statement_pb2 as statement_pb2
    import pypi_attestations
    import pypi_attestations._impl as pypi_implementation
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import STATEMENT_TYPE_URI, Statement
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import Signature, SSlibKey
    from sigstore.hashes import HashAlgorithm, Hashed
    from sigstore.models import Bundle, TrustedRoot
    from sigstore.verify import Verifier, policy
except ImportError as missing:
    print(f"{missing}: pip install -r requirements-provenance.txt", file=sys.stderr)
    sys.exit(3)

INTOTO = "application/vnd.in-toto+json"
CERTIFIED = ["format", "signature", "certificate", "transparency-log", "timestamp", "identity", "subject"]
KEYED = ["signature", "subject"]
# differences that are the tool's, found in the case's own words
KNOWN = {
    "conformance/trust-root-tsa-validity-end-inclusive": "sigstore-python takes the end of a window as outside of it",
}
PRODUCTION = "_store/https%3A%2F%2Ftuf-repo-cdn.sigstore.dev/trusted_root.json"


class NotRun(Exception):
    """The tool cannot be asked this; the reason is its text."""


class Refused(Exception):
    """A check that this script makes with a tool's answer said no."""


def refuse_connection(*_):
    raise OSError("this script makes no connection")


class Anybody:
    """The policy that asks for nobody."""

    def verify(self, cert):
        pass


class Case:
    """One row of either table, with its files found."""

    def __init__(self, row, base):
        self.row, self.base = row, base
        self.name, self.kind, self.expect = row["case"], row["kind"], row["expect"]
        self.bytes = (base / (row.get("bundle") or row["path"])).read_bytes()
        self.digests = row.get("artifact_digest") or {}
        self.asked = row.get("identity") if isinstance(row.get("identity"), dict) else {}
        self.identity = None if self.asked else row.get("identity")
        self.layers = []
        self.dsse = False

    def path(self, field):
        return self.base / self.row[field] if self.row.get(field) else None

    def artifact(self):
        if self.row.get("artifact"):
            return self.path("artifact").read_bytes()
        if "sha256" in self.digests:
            return Hashed(algorithm=HashAlgorithm.SHA2_256, digest=bytes.fromhex(self.digests["sha256"]))
        raise NotRun("the artifact is not at hand")

    def key(self, keyid="given"):
        public = serialization.load_pem_public_key(self.path("key").read_bytes())
        return library_key(public, keyid)

    def verifier(self):
        path = self.path("trusted_root")
        if path is None:
            path = resources.files("sigstore") / PRODUCTION
        root = TrustedRoot.from_file(str(path))
        if not root._inner.tlogs:
            raise NotRun("limit: sigstore-python needs a transparency log, this root has none")
        windows = [one.valid_for for one in root._inner.certificate_authorities]
        for part in (windows, *([one.public_key.valid_for for one in logs] for logs in (root._inner.tlogs, root._inner.ctlogs))):
            if part and all(window and window.end for window in part):
                raise NotRun("limit: sigstore-python keeps ended authorities and logs, whatever the time of signing")
        return Verifier(trusted_root=root)

    def policy(self):
        parts = []
        if self.identity:
            parts.append(policy.Identity(identity=self.identity, issuer=self.row.get("issuer")))
        source = self.row.get("source")
        if source == source_as_written(source):
            if source:
                parts.append(policy.OIDCSourceRepositoryURI(source))
            if self.row.get("commit"):
                parts.append(policy.OIDCSourceRepositoryDigest(self.row["commit"]))
        return policy.AllOf(parts) if parts else Anybody()


def source_as_written(source):
    """The repository as a certificate writes it, or None: sigstore compares whole strings."""
    wanted = source and re.fullmatch(r"https://[a-z0-9.-]+/.+", source) and not source.endswith((".git", "/"))
    return source if wanted else None


def library_key(public, keyid):
    if isinstance(public, ec.EllipticCurvePublicKey):
        scheme = {"secp256r1": "ecdsa-sha2-nistp256", "secp384r1": "ecdsa-sha2-nistp384"}[public.curve.name]
        return SSlibKey.from_crypto(public, keyid, scheme)
    return SSlibKey.from_crypto(public, keyid)


def strict_base64(text):
    return base64.b64decode(text, validate=True)


# ---- statements


def check_statement(case, payload_type, payload, names=False):
    """Reads the payload with in-toto's own types and looks for the artifact among the subjects."""
    case.dsse = True
    if payload_type != INTOTO:
        raise Refused(f"payload type {payload_type}")
    read = json_format.Parse(payload, statement_pb2.Statement(), ignore_unknown_fields=True)
    if read.type == "https://in-toto.io/Statement/v0.1":
        read.type = STATEMENT_TYPE_URI
    Statement.copy_from_pb(read).validate()
    wanted = {one: case.digests[one] for one in ("sha256", "sha512", "gitCommit") if one in case.digests}
    if not wanted:
        return True
    for subject in read.subject:
        common = [one for one in wanted if one in subject.digest]
        if common and all(subject.digest[one] == wanted[one] for one in common):
            return True
    if names:
        return False
    raise Refused("in-toto: no subject has the artifact's digest")


# ---- sigstore


def once(pairs):
    """Reads an object, but no doubled names."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotRun("limit: of doubled names Python's JSON reader keeps the last")
    return dict(pairs)


def limit(raw):
    """Why sigstore-python cannot be asked, from the bundle as written; None where it can."""
    try:
        bundle = json.loads(raw, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return None
    if not isinstance(bundle, dict):
        return None
    verification = bundle.get("verificationMaterial")
    entries = verification.get("tlogEntries") if isinstance(verification, dict) else None
    for entry in entries or []:
        version = entry.get("kindVersion") or {}
        if version.get("kind") == "intoto":
            return "limit: sigstore-python takes no intoto entries"
        if str(bundle.get("mediaType")).endswith("version=0.1") and not entry.get("inclusionProof"):
            return "limit: sigstore-python wants an inclusion proof in bundle 0.1 too"
    return None


def verify_bundle(case, raw, names=False):
    """One bundle signed by certificate; gives whether its statement names the artifact."""
    reason = limit(raw)
    if reason:
        raise NotRun(reason)
    verifier = case.verifier()
    bundle = Bundle.from_json(raw)
    if bundle.signing_certificate.not_valid_before_utc > datetime.datetime.now(datetime.UTC):
        raise NotRun("limit: sigstore-python compares no signing time with the clock")
    if bundle._inner.dsse_envelope is not None and bundle._inner.message_signature is None:
        payload_type, payload = verifier.verify_dsse(bundle, case.policy())
        return check_statement(case, payload_type, payload, names)
    verifier.verify_artifact(case.artifact(), bundle, case.policy())
    return True


def sigstore_bundle(case):
    if case.row.get("key"):
        return managed_bundle(case)
    case.layers = CERTIFIED
    if b'"publicKey"' in case.bytes and b'"certificate"' not in case.bytes and b'"x509' not in case.bytes:
        raise NotRun("no key is given, and sigstore-python takes no bundles by key")
    verify_bundle(case, case.bytes)
    return "sigstore"


def managed_bundle(case):
    """Signed by a given key: securesystemslib knows signatures only, neither logs nor times."""
    case.layers = KEYED
    bundle = json.loads(case.bytes)
    if "dsseEnvelope" in bundle:
        verify_envelope(case, bundle["dsseEnvelope"])
    else:
        signature = strict_base64(bundle["messageSignature"]["signature"]).hex()
        data = case.artifact()
        if not isinstance(data, bytes):
            raise NotRun("securesystemslib wants the artifact itself")
        case.key().verify_signature(Signature("given", signature), data)
    return "securesystemslib"


# ---- bare DSSE


def verify_envelope(case, envelope, key=None, names=False):
    if len(envelope["signatures"]) > 1:
        raise NotRun("securesystemslib is content with one good signature of several")
    if not envelope["signatures"]:
        raise Refused("no signatures")
    # securesystemslib wants the same key id in key and signature; the id is only a hint
    signed = {"keyid": "given", "sig": envelope["signatures"][0]["sig"]}
    strict_base64(signed["sig"])
    read = Envelope.from_dict({**envelope, "signatures": [signed]})
    read.verify([key or case.key()], 1)
    return check_statement(case, read.payload_type, read.payload, names)


def dsse(case):
    case.layers = KEYED
    verify_envelope(case, json.loads(case.bytes))
    return "securesystemslib"


def intoto_lines(case):
    """Every line must verify, one must name the artifact."""
    rows = [line for line in case.bytes.decode().splitlines() if line.strip()]
    if not rows:
        raise Refused("no lines")
    tool, found = "sigstore", False
    case.layers = CERTIFIED
    for row in rows:
        value = json.loads(row)
        if "dsseEnvelope" in value:
            found |= verify_bundle(case, row.encode(), names=True)
        elif not case.row.get("key"):
            raise NotRun("a bare envelope with a certificate says no time: no tool here takes it offline")
        else:
            tool, case.layers = "securesystemslib", KEYED
            found |= verify_envelope(case, value, names=True)
    if not found:
        raise Refused("in-toto: no line has the artifact's digest")
    return tool


# ---- packages


def distribution(case):
    return pypi_attestations.Distribution(name=case.digests["name"], digest=case.digests["sha256"])


def verify_attestation(case, attestation, publisher=None):
    wanted = [case.policy()]
    if publisher is not None:
        wanted.append(publisher._as_policy())
    if case.asked:
        wanted.append(
            pypi_attestations.GitHubPublisher(repository=case.asked["repository"], workflow=case.asked["workflow"])._as_policy()
        )
    verifier = case.verifier()

    class Offline:
        """Stands where pypi-attestations would take the public instance from its cache."""

        @staticmethod
        def production(offline=False):
            return verifier

    pypi_implementation.Verifier = Offline
    attestation.verify(policy.AllOf(wanted), distribution(case), offline=True)


def pep740_attestation(case):
    case.layers = CERTIFIED
    verify_attestation(case, pypi_attestations.Attestation.model_validate_json(case.bytes))
    return "pypi-attestations"


def pep740_provenance(case):
    case.layers = CERTIFIED
    read = pypi_attestations.Provenance.model_validate_json(case.bytes)
    attestations = [(bundle.publisher, one) for bundle in read.attestation_bundles for one in bundle.attestations]
    if not attestations:
        raise Refused("no attestations")
    for publisher, attestation in attestations:
        verify_attestation(case, attestation, publisher)
    return "pypi-attestations"


def registry_key(case, hint, seconds):
    listed = json.loads((case.path("npm_keys") or case.base / "trusted-roots/npm-registry-keys.json").read_bytes())
    for row in listed["keys"]:
        if row["keyId"] == hint and row["keyUsage"] == "npm:attestations":
            end = row["publicKey"]["validFor"].get("end")
            if end and seconds and int(end[:4]) < 1970 + int(seconds) // 31556952:
                raise NotRun("securesystemslib knows no end of a key")
            public = serialization.load_der_public_key(strict_base64(row["publicKey"]["rawBytes"]))
            return library_key(public, "given")
    raise Refused(f"{hint} is not among the registry's keys")


def npm_attestations(case):
    """Publish with securesystemslib, provenance with sigstore; neither knows npm's names, versions and pairs."""
    case.layers = [one for one in CERTIFIED if one not in ("format", "subject")]
    reasons = []
    for row in json.loads(case.bytes)["attestations"]:
        bundle = row["bundle"]
        verification = bundle["verificationMaterial"]
        try:
            if "publicKey" in verification:
                seconds = next((one.get("integratedTime") for one in verification["tlogEntries"]), None)
                key = registry_key(case, verification["publicKey"]["hint"], seconds)
                verify_envelope(case, bundle["dsseEnvelope"], key)
            else:
                verify_bundle(case, json.dumps(bundle).encode())
        except NotRun as reason:
            reasons.append(f"{row['predicateType']}: {reason}")
    if reasons:
        raise NotRun("; ".join(reasons))
    return "sigstore"


def github_attestations(case):
    case.layers = CERTIFIED
    for row in json.loads(case.bytes)["attestations"]:
        verify_bundle(case, json.dumps(row["bundle"]).encode())
    return "sigstore"


# ---- detached signatures


def cosign_signature(case):
    case.layers = ["format", *KEYED]
    signature = strict_base64(case.bytes.strip())
    case.key().verify_signature(Signature("given", signature.hex()), case.artifact())
    return "securesystemslib"


def cosign_bundle(case):
    case.layers = KEYED
    if not case.row.get("key"):
        raise NotRun("no tool here takes cosign's old bundle")
    case.key().verify_signature(Signature("given", strict_base64(json.loads(case.bytes)["base64Signature"]).hex()), case.artifact())
    return "securesystemslib"


def run(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False, **options)
    if done.returncode:
        raise Refused(f"{words[0]}: {(done.stderr or done.stdout).strip()}")


def minisign(case):
    case.layers = ["format", *KEYED]
    if not shutil.which("minisign"):
        raise NotRun("the program minisign is not there")
    signed = case.path("sums") or case.path("artifact")
    run("minisign", "-Vm", signed, "-x", case.path("bundle"), "-p", case.path("key"))
    if case.path("sums"):
        name = case.digests["name"]
        lines = [line for line in signed.read_text().splitlines(keepends=True) if line.endswith(f"  {name}\n")]
        with tempfile.NamedTemporaryFile("w", suffix=".sums") as chosen:
            chosen.write("".join(lines))
            chosen.flush()
            run("sha256sum", "--check", "--strict", chosen.name, cwd=case.path("artifact").parent)
    return "minisign"


KINDS = {
    "sigstore-bundle": (sigstore_bundle, "sigstore"),
    "slsa-provenance": (sigstore_bundle, "sigstore"),
    "dsse": (dsse, "securesystemslib"),
    "intoto-jsonl": (intoto_lines, "securesystemslib"),
    "pep740-attestation": (pep740_attestation, "pypi-attestations"),
    "pep740-provenance": (pep740_provenance, "pypi-attestations"),
    "npm-attestations": (npm_attestations, "sigstore"),
    "github-attestations": (github_attestations, "sigstore"),
    "cosign-bundle": (cosign_bundle, "securesystemslib"),
    "cosign-signature": (cosign_signature, "securesystemslib"),
    "minisign": (minisign, "minisign"),
    "minisign-sums": (minisign, "minisign"),
}


def version(tool):
    if tool != "minisign":
        return metadata.version(tool)
    if not shutil.which(tool):
        return None
    return subprocess.run([tool, "-v"], capture_output=True, text=True, timeout=30, check=False).stdout.split()[-1]


def covered(case):
    """Whether the row's flaw lies where the tool looks."""
    layer = case.row.get("layer") or ""
    known = {"bundle": True, "trusted root parsing": True, "policy (identity)": True, "subject digest": True}
    if layer == "source" and source_as_written(case.row.get("source")) and not case.row.get("key"):
        # the certificate's repository and commit are compared, what the statement says about them is not
        return "source" in case.layers
    return known.get(layer, layer in case.layers)


def ask(case):
    ask_tool, tool = KINDS[case.kind]
    try:
        tool, result, error = ask_tool(case), "pass", None
    except NotRun as reason:
        result, error = "not-run", str(reason)
    except (Exception, RecursionError) as refusal:  # noqa: BLE001 any error of a peer is its no
        result, error = "fail", f"{type(refusal).__name__}: {refusal}".split("\n")[0][:200]
    agrees = None if result == "not-run" else result == case.expect
    if agrees is False and case.expect == "fail" and not covered(case):
        agrees = None
    if agrees is False and case.name in KNOWN:
        agrees, error = None, f"known: {KNOWN[case.name]}; {error}"
    row = {"case": case.name, "tool": tool, "version": version(tool), "result": result, "error": error}
    return row | {"expect": case.expect, "layer": case.row.get("layer"), "covers": case.layers, "agrees": agrees}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("--only-kind", action="append")
    parser.add_argument("--differences", action="store_true")
    parser.add_argument("--seconds", action="store_true")
    arguments = parser.parse_args()
    socket.socket.connect = refuse_connection
    logging.disable(logging.WARNING)
    differ = False
    for row in json.loads(arguments.cases.read_bytes()):
        if arguments.only_kind and row["kind"] not in arguments.only_kind:
            continue
        case = Case(row, arguments.base)
        start = time.perf_counter()
        answer = ask(case)
        if arguments.seconds:
            answer["seconds"] = time.perf_counter() - start
        differ |= answer["agrees"] is False
        if not arguments.differences or answer["agrees"] is False:
            print(json.dumps(answer))
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
