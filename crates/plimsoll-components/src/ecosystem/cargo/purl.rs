//! Package URLs of Rust packages.

use packageurl::PackageUrl;

use crate::component::Origin;

/// The package URL of what lies in a folder of the tree, or in one that is not there (`None`).
///
/// Without a qualifier it would be that of the package on crates.io with the same name, which is somebody else's.
pub(crate) fn of_folder(name: &str, version: &str, folder: Option<&str>) -> String {
    let address = match folder {
        None => "file:".to_owned(),
        Some("") => "file://.".to_owned(),
        Some(folder) => format!("file://./{folder}"),
    };
    let build = || -> Result<String, packageurl::Error> {
        let mut purl = PackageUrl::new("cargo", name)?;
        purl.with_version(version)?;
        purl.add_qualifier("download_url", address.as_str())?;
        Ok(purl.to_string())
    };
    build().unwrap_or_else(|_| format!("pkg:cargo/{name}@{version}?download_url=file:"))
}

/// Gives `pkg:cargo/NAME@VERSION`, with `repository_url` for a registry other than crates.io and `vcs_url` for git.
///
/// Source: Package URL specification (ECMA-427), type `cargo`; qualifiers of the common list.
pub(crate) fn of(name: &str, version: &str, origin: &Origin) -> String {
    build(name, version, origin).unwrap_or_else(|_| format!("pkg:cargo/{name}@{version}"))
}

fn build(name: &str, version: &str, origin: &Origin) -> Result<String, packageurl::Error> {
    let mut purl = PackageUrl::new("cargo", name)?;
    purl.with_version(version)?;
    match origin {
        Origin::Folder => return Ok(of_folder(name, version, None)),
        Origin::Public(_) => {}
        Origin::Registry(url) => {
            purl.add_qualifier("repository_url", url.as_str())?;
        }
        Origin::Git { url, revision: Some(revision) } => {
            purl.add_qualifier("vcs_url", format!("git+{url}@{revision}"))?;
        }
        Origin::Git { url, revision: None } => {
            purl.add_qualifier("vcs_url", format!("git+{url}"))?;
        }
    }
    Ok(purl.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_url_says_where_it_comes_from() {
        let check = |origin: &Origin, expected: &str| assert_eq!(of("serde", "1.0.0+x", origin), expected);
        check(&Origin::Public("crates.io"), "pkg:cargo/serde@1.0.0%2Bx");
        check(&Origin::Folder, "pkg:cargo/serde@1.0.0%2Bx?download_url=file:");
        assert_eq!(of_folder("a", "1.0.0", Some("")), "pkg:cargo/a@1.0.0?download_url=file:%2F%2F.");
        assert_eq!(of_folder("a", "1.0.0", Some("x/a")), "pkg:cargo/a@1.0.0?download_url=file:%2F%2F.%2Fx%2Fa");
        check(
            &Origin::Registry("https://reg.example/index".to_owned()),
            "pkg:cargo/serde@1.0.0%2Bx?repository_url=https:%2F%2Freg.example%2Findex",
        );
        check(
            &Origin::Git { url: "https://g.example/s".to_owned(), revision: Some("abc".to_owned()) },
            "pkg:cargo/serde@1.0.0%2Bx?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fs%40abc",
        );
    }
}
