use super::*;

fn read(text: &str) -> PublishedSbom {
    PublishedSbom::read(text.as_bytes()).unwrap()
}

#[test]
fn every_form_lists_its_packages() {
    let purl = "pkg:cargo/a@1.0.0";
    for (text, format, version) in [
        (
            format!(
                r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"a","purl":"{purl}?download_url=x"}},{{}},1]}}"#
            ),
            "CycloneDX",
            "1.6",
        ),
        (
            format!(
                r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{{"name":"x","type":"file","components":[{{"name":"a","purl":"{purl}"}}]}}]}}"#
            ),
            "CycloneDX",
            "1.4",
        ),
        (
            format!(
                r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components><component type="library"><name>a</name><version>1.0.0</version><purl>{purl}</purl></component></components></bom>"#
            ),
            "CycloneDX",
            "1.4",
        ),
        (
            format!(
                r#"{{"sbom":{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"a","externalRefs":[{{"referenceType":"purl","referenceLocator":"{purl}"}}]}}]}}}}"#
            ),
            "SPDX",
            "2.3",
        ),
        (
            format!(
                "SPDXVersion: SPDX-2.2\nPackageName: a\nPackageComment: <text>\nPackageName: b\n</text>\nExternalRef: PACKAGE-MANAGER purl {purl}\n"
            ),
            "SPDX",
            "2.2",
        ),
        (
            format!(r#"{{"@graph":[{{"type":"software_Package","name":"a","software_packageUrl":"{purl}"}}]}}"#),
            "SPDX",
            "3.0",
        ),
    ] {
        let sbom = read(&text);
        assert_eq!((sbom.format, sbom.version.as_str()), (format, version), "{text}");
        assert_eq!(sbom.listed.keys().map(String::as_str).collect::<Vec<_>>(), [purl], "{text}");
        assert!(sbom.components > 0, "{text}");
    }
}

#[test]
fn xml_says_what_json_says() {
    let xml = |version: &str, components: &str| {
        read(&format!(
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="1"><components>{components}</components></bom>"#
        ))
    };
    let of = |name: &str, inner: &str| {
        format!(
            r#"<component type="library"><name>{name}</name><version>1.0.0</version>{inner}<purl>pkg:cargo/{name}@1.0.0</purl></component>"#
        )
    };
    for version in ["1.3", "1.4", "1.5", "1.6", "1.7"] {
        let sum = format!(r#"<scope>required</scope><hashes><hash alg="SHA-256">{}</hash></hashes>"#, "a".repeat(64));
        let sbom = xml(version, &(of("a", &sum) + &of("b", "<scope>excluded</scope>")));
        assert_eq!(sbom.version, version);
        assert_eq!(sbom.listed.keys().map(String::as_str).collect::<Vec<_>>(), ["pkg:cargo/a@1.0.0"], "{version}");
        assert_eq!(sbom.listed["pkg:cargo/a@1.0.0"].sha256, Some("a".repeat(64)), "{version}");
    }
    // What is not like 1.5 lists nothing, and compares as unknown.
    assert_eq!(xml("1.6", "<novelty/>").components, 0);
}

#[test]
fn a_component_that_contradicts_itself_is_not_told() {
    let untold = |components: &str| {
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{components}]}}"#);
        let sbom = read(&text);
        (sbom.listed.len(), sbom.untold)
    };
    let good = r#"{"name":"a","version":"1.0.0","purl":"pkg:cargo/a@1.0.0"}"#;
    assert_eq!(untold(good), (1, vec![]));
    assert_eq!(untold(&format!("{good},{good}")), (1, vec![]));
    for bad in [
        r#"{"name":"b","version":"1.0.0","purl":"pkg:cargo/a@1.0.0"}"#,
        r#"{"name":"a","version":"1.0.1","purl":"pkg:cargo/a@1.0.0"}"#,
        r#"{"name":"a","version":"1.0.0"}"#,
        r#"{"name":"a","version":"1.0.0","purl":"a@1.0.0"}"#,
        r#"{"version":"1.0.0","purl":"pkg:cargo/a@1.0.0"}"#,
        r#"{"name":" ","version":"1.0.0","purl":"pkg:cargo/a@1.0.0"}"#,
    ] {
        assert_eq!(untold(bad).1.len(), 1, "{bad}");
    }
    let elsewhere = good.replace("@1.0.0", "@1.0.0?vcs_url=git%2Bhttps://evil.example/a");
    for pair in [format!("{good},{elsewhere}"), format!("{elsewhere},{good}")] {
        assert_eq!(untold(&pair), (1, vec!["a".to_owned()]), "{pair}");
    }
}

#[test]
fn another_source_or_digest_does_not_fit() {
    let listing = |source: &[(&str, &str)], sha256: Option<&str>| Listing {
        source: source.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        sha256: sha256.map(ToOwned::to_owned),
    };
    let own = listing(&[("vcs_url", "git+https://forge.example/a")], Some("aa"));
    for good in [own.clone(), listing(&[], None), listing(&[], Some("aa"))] {
        assert!(good.fits(&own), "{good:?}");
    }
    for bad in [
        listing(&[], Some("ab")),
        listing(&[("vcs_url", "git+https://evil.example/a")], Some("aa")),
        listing(&[("repository_url", "https://evil.example")], None),
    ] {
        assert!(!bad.fits(&own), "{bad:?}");
    }
}

#[test]
fn what_is_no_sbom_is_refused() {
    for bad in [
        "",
        "{}",
        r#"{"bomFormat":"CycloneDX","specVersion":"x","components":[{"name":"a"}]}"#,
        r#"{"bomFormat":"CycloneDX","components":[{"name":"a"}]}"#,
        r#"{"spdxVersion":"SPDX-","packages":[{"name":"a"}]}"#,
        "SPDXVersion: SPDX-next\nPackageName: a\n",
        "http://cyclonedx.org/schema/bom/ <component <name>",
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components>",
        "<html></html>",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[],"components":[{"name":"a"}]}"#,
        "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>\nPackageName: b\n",
    ] {
        assert!(PublishedSbom::read(bad.as_bytes()).is_err(), "{bad}");
    }
    // Of a version whose XML nobody here reads: it lists nothing.
    assert_eq!(read("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>").components, 0);
}
