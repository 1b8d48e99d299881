//! What a package says of the commit that it was packed from.

use crate::{Package, PackageFormat};
use plimsoll_model::is_hex;
use serde::Deserialize;

use super::{tree::is_clean, types::Claim};

/// Where cargo writes it.
pub const VCS_INFO: &str = ".cargo_vcs_info.json";
/// Bytes of that file; it holds one id and one path.
const LARGEST: usize = 16 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VcsInfo {
    git: Git,
    // cargo before 1.57 does not say it.
    path_in_vcs: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Git {
    sha1: String,
    #[serde(default)]
    dirty: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PackageJson {
    git_head: Option<String>,
    repository: Option<serde_json::Value>,
}

/// Gives what a package says of its source; the error is one clause, for a file that says it in a form that is none.
///
/// A crate says it in `.cargo_vcs_info.json`, an npm package may in `package.json`; those of Python have no place for it.
///
/// Sources: The Cargo Book, "cargo package", "`.cargo_vcs_info.json` format"; npm's documentation of package.json.
pub fn of(package: &Package) -> Result<Claim, String> {
    match package.format() {
        PackageFormat::Crate => package.get(VCS_INFO).map_or_else(|| Ok(Claim::default()), |file| crates(file.bytes)),
        PackageFormat::Npm => npm(package.get("package.json").map(|file| file.bytes).unwrap_or_default()),
        _ => Ok(Claim::default()),
    }
}

fn crates(bytes: &[u8]) -> Result<Claim, String> {
    if bytes.len() > LARGEST {
        return Err(format!("more than {LARGEST} bytes"));
    }
    let info: VcsInfo = serde_json::from_slice(bytes)
        .map_err(|error| format!("not what cargo writes: {}", plimsoll_model::one_line(&error.to_string())))?;
    if let Some(path) = info.path_in_vcs.as_deref().filter(|path| !is_clean(path)) {
        return Err(format!("its path_in_vcs is none: {}", path.escape_debug().take(80).collect::<String>()));
    }
    let commit = id(&info.git.sha1).ok_or("its git.sha1 is no commit")?;
    Ok(Claim { commit: Some(commit), path: info.path_in_vcs, dirty: info.git.dirty })
}

fn npm(bytes: &[u8]) -> Result<Claim, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let stated: PackageJson =
        serde_json::from_slice(bytes).map_err(|error| plimsoll_model::one_line(&error.to_string()))?;
    let directory = stated.repository.as_ref().and_then(|repository| repository.get("directory"));
    let directory = directory.and_then(serde_json::Value::as_str);
    // npm's own documentation writes it with and without `./` in front.
    let path = directory.and_then(|path| super::tree::join("", path));
    if directory.is_some() && path.is_none() {
        return Err("its repository.directory leads out of the repository".to_owned());
    }
    let commit = stated.git_head.map(|head| id(&head).ok_or("its gitHead is no commit")).transpose()?;
    Ok(Claim { commit, path, dirty: false })
}

fn id(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    (is_hex(&text, 40) || is_hex(&text, 64)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn cargos_file_is_read_strictly() {
        let good = format!(r#"{{"git":{{"sha1":"{ID}","dirty":true}},"path_in_vcs":"crates/a"}}"#);
        let claim = Claim { commit: Some(ID.to_owned()), path: Some("crates/a".to_owned()), dirty: true };
        assert_eq!(crates(good.as_bytes()), Ok(claim));
        let old = crates(format!(r#"{{"git":{{"sha1":"{ID}"}}}}"#).as_bytes()).unwrap();
        assert_eq!((old.path, old.dirty), (None, false));
        for (from, to) in [
            (ID, "main"),
            (ID, ""),
            ("\"dirty\":true", "\"dirty\":1"),
            ("\"dirty\":true", "\"dirty\":true,\"dirty\":false"),
            ("crates/a", "../a"),
            ("crates/a", "/a"),
            ("crates/a", "a//b"),
            ("crates/a", "a\\\\b"),
            ("{\"git\"", "{\"more\":1,\"git\""),
            ("\"crates/a\"}", "\"crates/a\"}{"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert!(bad != good && crates(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(crates(b"").is_err() && crates(&vec![b' '; LARGEST + 1]).is_err());
    }

    #[test]
    fn npm_may_name_a_commit_and_a_folder() {
        let claim = npm(format!(r#"{{"gitHead":"{ID}","repository":{{"directory":"./packages/a/"}}}}"#).as_bytes());
        let claim = claim.unwrap();
        assert_eq!((claim.commit.as_deref(), claim.path.as_deref()), (Some(ID), Some("packages/a")));
        assert_eq!(npm(br#"{"repository":"github:a/b"}"#), Ok(Claim::default()));
        for bad in [r#"{"gitHead":"HEAD"}"#, r#"{"repository":{"directory":"../a"}}"#, r#"{"gitHead":1}"#] {
            assert!(npm(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
