//! The formats, read as far as they say what they speak of.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Statements of one file.
const MOST_STATEMENTS: usize = 1000;
/// Lines of one file of checksums.
const MOST_CHECKSUMS: usize = 100_000;
/// Subjects of one statement.
const MOST_SUBJECTS: usize = 1000;

/// A subject of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Attested {
    /// Its name.
    pub(super) name: String,
    /// Its digests by algorithm.
    pub(super) digest: BTreeMap<String, String>,
}

/// What an attestation says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) predicate_type: Option<String>,
    pub(super) subjects: Vec<Attested>,
}

/// Gives the format and the statements of an attestation file.
///
/// Source: DSSE v1 (envelope), in-toto Statement v0.1 and v1, Sigstore bundle v0.1 to v0.3, npm's attestations, PEP 740.
pub(super) fn attestations(bytes: &[u8]) -> Result<(&'static str, Vec<Statement>), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return one(&value);
    }
    // JSON lines: every line an envelope.
    let mut statements = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        bounded(statements.len())?;
        let value: Value = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
        statements.extend(one(&value).map_err(|reason| format!("line {}: {reason}", number + 1))?.1);
    }
    if statements.is_empty() { Err("no attestation in it".to_owned()) } else { Ok(("in-toto-jsonl", statements)) }
}

/// Refuses a file that says more than is read, rather than to leave a part of it out.
fn bounded(count: usize) -> Result<(), String> {
    if count < MOST_STATEMENTS { Ok(()) } else { Err(format!("more than {MOST_STATEMENTS} statements in it")) }
}

fn all(list: &[Value]) -> Result<Vec<Statement>, String> {
    let mut statements = Vec::new();
    for value in list {
        bounded(statements.len())?;
        statements.extend(one(value.get("bundle").unwrap_or(value))?.1);
    }
    Ok(statements)
}

fn one(value: &Value) -> Result<(&'static str, Vec<Statement>), String> {
    // What PyPI serves beside a file: a list of publishers, each with the attestations it made.
    if let Some(list) = value.get("attestation_bundles").and_then(Value::as_array) {
        return Ok(("pep740", all(list)?));
    }
    if let Some(list) = value.get("attestations").and_then(Value::as_array) {
        return Ok(("npm", all(list)?));
    }
    if let Some(envelope) = value.get("dsseEnvelope") {
        return Ok(("sigstore-bundle", vec![envelope_statement(envelope)?]));
    }
    if let Some(message) = value.get("messageSignature") {
        let digest = message.get("messageDigest").and_then(|digest| digest.get("digest")).and_then(Value::as_str);
        let raw =
            STANDARD.decode(digest.ok_or("a bundle without a digest")?).map_err(|_| "a digest that is not base64")?;
        let hex = plimsoll_model::hex(&raw);
        let subject = Attested { name: String::new(), digest: BTreeMap::from([("sha256".to_owned(), hex)]) };
        return Ok(("sigstore-bundle", vec![Statement { predicate_type: None, subjects: vec![subject] }]));
    }
    if let Some(payload) = value.get("envelope").and_then(|envelope| envelope.get("statement")).and_then(Value::as_str)
    {
        return Ok(("pep740", vec![statement(&decode(payload)?)?]));
    }
    if value.get("payloadType").is_some() {
        return Ok(("dsse", vec![envelope_statement(value)?]));
    }
    if value.get("_type").is_some() {
        return Ok(("in-toto-statement", vec![statement(value)?]));
    }
    Err("no form of an attestation that is known".to_owned())
}

fn envelope_statement(envelope: &Value) -> Result<Statement, String> {
    let signed = envelope.get("signatures").and_then(Value::as_array).is_some_and(|signatures| !signatures.is_empty());
    if !signed {
        return Err("an envelope without a signature".to_owned());
    }
    let payload = envelope.get("payload").and_then(Value::as_str).ok_or("an envelope without a payload")?;
    statement(&decode(payload)?)
}

fn decode(payload: &str) -> Result<Value, String> {
    let bytes = STANDARD.decode(payload).map_err(|_| "a payload that is not base64")?;
    serde_json::from_slice(&bytes).map_err(|error| format!("a payload that is not JSON: {error}"))
}

fn statement(value: &Value) -> Result<Statement, String> {
    let kind = value.get("_type").and_then(Value::as_str).unwrap_or_default();
    if !matches!(kind, "https://in-toto.io/Statement/v1" | "https://in-toto.io/Statement/v0.1") {
        return Err(format!("not an in-toto statement (\"{}\")", kind.chars().take(80).collect::<String>()));
    }
    let subjects = value.get("subject").and_then(Value::as_array).ok_or("a statement without a subject")?;
    if subjects.len() > MOST_SUBJECTS {
        return Err(format!("a statement with more than {MOST_SUBJECTS} subjects"));
    }
    let subjects: Vec<Attested> = subjects
        .iter()
        .map(|subject| Attested {
            name: subject.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            digest: subject
                .get("digest")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter_map(|(name, digest)| Some((name.clone(), digest.as_str()?.to_owned())))
                .collect(),
        })
        .collect();
    if subjects.is_empty() || subjects.iter().any(|subject| subject.digest.is_empty()) {
        return Err("a statement without a subject or a subject without a digest".to_owned());
    }
    let predicate_type = value.get("predicateType").and_then(Value::as_str).map(ToOwned::to_owned);
    Ok(Statement { predicate_type, subjects })
}

/// The format of a detached signature by how it begins.
pub(super) fn signature(bytes: &[u8]) -> &'static str {
    let begins = |start: &str| bytes.starts_with(start.as_bytes());
    if begins("-----BEGIN PGP SIGNATURE-----") || bytes.first().is_some_and(|byte| matches!(byte, 0x88..=0x8b | 0xc2)) {
        "openpgp"
    } else if begins("-----BEGIN SSH SIGNATURE-----") {
        "ssh"
    } else if begins("untrusted comment:") {
        "minisign"
    } else if begins("-----BEGIN PKCS7-----") || begins("-----BEGIN CMS-----") || bytes.first() == Some(&0x30) {
        "pkcs7"
    } else if begins("{") {
        "sigstore"
    } else {
        "unknown"
    }
}

/// Algorithm and digests of a file of checksums, in the form of coreutils or BSD. All lines have to be of one length, and
/// a file with more lines than are read is refused as a whole.
pub(super) fn checksums(bytes: &[u8]) -> Option<(&'static str, Vec<String>)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut digests = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if digests.len() >= MOST_CHECKSUMS {
            return None;
        }
        let word = line
            .rsplit_once(" = ")
            .map_or_else(|| line.split_whitespace().next().unwrap_or_default(), |(_, digest)| digest);
        let word = word.to_ascii_lowercase();
        if ![32, 40, 64, 128].iter().any(|length| plimsoll_model::is_hex(&word, *length)) {
            return None;
        }
        digests.push(word);
    }
    let length = digests.first()?.len();
    let algorithm = match length {
        32 => "md5",
        40 => "sha1",
        64 => "sha256",
        _ => "sha512",
    };
    digests.iter().all(|digest| digest.len() == length).then_some((algorithm, digests))
}

/// Format, version and number of components of an SBOM.
pub(super) fn sbom(bytes: &[u8]) -> Result<(&'static str, String, usize), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        // GitHub's export has it one level down.
        let value = value.get("sbom").unwrap_or(&value);
        let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        // What has no name is no component.
        let named = |one: &&Value| one.get("name").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty());
        let count =
            |name: &str| value.get(name).and_then(Value::as_array).map_or(0, |list| list.iter().filter(named).count());
        if word("bomFormat") == "CycloneDX" {
            return Ok(("CycloneDX", version(&word("specVersion"))?, count("components")));
        }
        if let Some(found) = word("spdxVersion").strip_prefix("SPDX-") {
            return Ok(("SPDX", version(found)?, count("packages")));
        }
        if let Some(graph) = value.get("@graph").and_then(Value::as_array) {
            let packages = graph
                .iter()
                .filter(|node| node.get("type").and_then(Value::as_str) == Some("software_Package"))
                .count();
            return Ok(("SPDX", "3.0".to_owned(), packages));
        }
        return Err("neither CycloneDX nor SPDX".to_owned());
    }
    if let Some(version) = text.lines().find_map(|line| line.strip_prefix("SPDXVersion: SPDX-")) {
        let packages = text.lines().filter(|line| line.starts_with("PackageName:")).count();
        return Ok(("SPDX", self::version(version.trim())?, packages));
    }
    if let Some((_, rest)) = text.split_once("http://cyclonedx.org/schema/bom/") {
        let found: String =
            rest.chars().take_while(|character| character.is_ascii_digit() || *character == '.').collect();
        let components = text.matches("<component ").count().min(text.matches("<name>").count());
        return Ok(("CycloneDX", version(&found)?, components));
    }
    Err("neither CycloneDX nor SPDX".to_owned())
}

/// `1.6`, `2.3`: numbers with a dot between them.
fn version(text: &str) -> Result<String, String> {
    let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((one, other)) if is_number(one) && is_number(other) => Ok(text.to_owned()),
        _ => Err(format!("\"{}\" is no version of its format", text.chars().take(20).collect::<String>())),
    }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = (attestations(bytes), checksums(bytes), sbom(bytes), signature(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(payload: &str) -> String {
        let payload = STANDARD.encode(payload);
        format!(
            "{{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"{payload}\",\"signatures\":[{{\"sig\":\"AA==\"}}]}}"
        )
    }

    const STATEMENT: &str = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"00"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{}}"#;

    #[test]
    fn every_form_is_read() {
        let dsse = envelope(STATEMENT);
        let bundle =
            format!("{{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"dsseEnvelope\":{dsse}}}");
        for (text, format, count) in [
            (dsse.clone(), "dsse", 1),
            (bundle.clone(), "sigstore-bundle", 1),
            (format!("{{\"attestations\":[{{\"predicateType\":\"x\",\"bundle\":{bundle}}}]}}"), "npm", 1),
            (format!("{dsse}\n{dsse}\n"), "in-toto-jsonl", 2),
            (
                format!(
                    "{{\"version\":1,\"envelope\":{{\"statement\":\"{}\",\"signature\":\"AA==\"}}}}",
                    STANDARD.encode(STATEMENT)
                ),
                "pep740",
                1,
            ),
        ] {
            let (found, statements) = attestations(text.as_bytes()).unwrap();
            assert_eq!((found, statements.len()), (format, count));
            assert_eq!(statements[0].subjects[0].name, "a");
        }
        for bad in [
            String::new(),
            "{}".to_owned(),
            "[]".to_owned(),
            dsse.replace("\"sig\"", "\"sig\": ").replace("[{", "[").replace("}]", "]"),
            dsse.replace("[{\"sig\":\"AA==\"}]", "[]"),
            envelope("not json"),
            envelope("{}"),
            envelope(&STATEMENT.replace("Statement/v1", "Statement/v9")),
            envelope(&STATEMENT.replace("\"sha256\":\"00\"", "")),
            format!("{dsse}\nnot json\n"),
        ] {
            assert!(attestations(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn checksums_and_sboms_are_told() {
        let digest = "ab".repeat(32);
        assert_eq!(
            checksums(format!("{digest}  a\n{digest} *b\n").as_bytes()).map(|(name, list)| (name, list.len())),
            Some(("sha256", 2))
        );
        assert_eq!(checksums(format!("SHA256 (a) = {digest}\n").as_bytes()).map(|(name, _)| name), Some("sha256"));
        for bad in [
            String::new(),
            "hello world".to_owned(),
            format!("{digest} a\n{} b", "ab".repeat(16)),
            "ab a".to_owned(),
            format!("{digest} a\n").repeat(MOST_CHECKSUMS + 1),
        ] {
            assert_eq!(checksums(bad.as_bytes()), None, "{}", bad.chars().take(80).collect::<String>());
        }
        assert_eq!(
            sbom(br#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"},{},1]}"#),
            Ok(("CycloneDX", "1.6".to_owned(), 1))
        );
        assert_eq!(sbom(b"SPDXVersion: SPDX-2.3\nPackageName: a\n"), Ok(("SPDX", "2.3".to_owned(), 1)));
        for bad in [
            "",
            "{}",
            r#"{"bomFormat":"CycloneDX","specVersion":"x","components":[{"name":"a"}]}"#,
            r#"{"bomFormat":"CycloneDX","components":[{"name":"a"}]}"#,
            r#"{"spdxVersion":"SPDX-","packages":[{"name":"a"}]}"#,
            "SPDXVersion: SPDX-next\nPackageName: a\n",
            "http://cyclonedx.org/schema/bom/ <component <name>",
        ] {
            assert!(sbom(bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(sbom(b"http://cyclonedx.org/schema/bom/1.4 <component "), Ok(("CycloneDX", "1.4".to_owned(), 0)));
    }

    #[test]
    fn real_bundles_are_read() {
        let Some(corpus) = plimsoll_testkit::corpus() else { return };
        let cases: Value =
            serde_json::from_str(&std::fs::read_to_string(corpus.join("sigstore/cases.json")).unwrap()).unwrap();
        let cases = cases.as_array().or_else(|| cases["cases"].as_array()).unwrap();
        let mut read = 0;
        for case in cases.iter().filter(|case| case["expect"] == "pass") {
            let path = corpus.join("sigstore").join(case["path"].as_str().unwrap());
            let path = if path.is_dir() { path.join("bundle.sigstore.json") } else { path };
            let Ok(bytes) = std::fs::read(&path) else { continue };
            attestations(&bytes).unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
            read += 1;
        }
        assert!(read >= 15, "{read}");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                read_anything(bytes);
            }
        }
    }
}
