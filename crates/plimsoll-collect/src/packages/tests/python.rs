//! Source distributions and wheels.

use std::io::Write as _;

use base64::Engine as _;

use super::*;

const PROJECT: &str = r#"[project]
name = "demo"
version = "1.0.0"
dependencies = ["foo>=1"]
[project.scripts]
demo = "demo:main"
"#;
const METADATA: &str = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\nRequires-Dist: foo>=1\n\nText\n";
const DEFAULTS: &str = "[egg_info]\ntag_build = \ntag_date = 0\n\n";

fn source() -> Repo {
    repo(&[
        ("LICENSE", "do\n"),
        ("pyproject.toml", PROJECT),
        ("src/demo/__init__.py", "def main(): pass\n"),
        ("tests/test.py", ""),
    ])
}

fn sdist(change: impl FnOnce(&mut Files)) -> Comparison {
    let mut files = files(&[
        ("LICENSE", "do\n"),
        ("PKG-INFO", METADATA),
        ("pyproject.toml", PROJECT),
        ("setup.cfg", DEFAULTS),
        ("src/demo/__init__.py", "def main(): pass\n"),
        ("src/demo.egg-info/PKG-INFO", METADATA),
        ("src/demo.egg-info/SOURCES.txt", "LICENSE\n"),
    ]);
    change(&mut files);
    compare(&read("demo-1.0.0.tar.gz", "demo-1.0.0", &files), &snapshot(&source()))
}

#[test]
fn a_source_distribution_is_what_lies_in_the_tree() {
    let comparison = sdist(|_| {});
    assert_eq!(told(&comparison), (Verdict::Equal, vec![]), "{:?}", comparison.files);
    assert_eq!(comparison.counts.unwrap().generated, 4);
    let required = METADATA.replace("foo>=1", "foo>=1\nRequires-Dist: evil");
    for (path, content, class) in [
        ("setup.py", "import os\n", "only-in-package"),
        ("src/demo/__init__.py", "import os\n", "differs"),
        ("src/demo/_version.py", "1\n", "only-in-package"),
        ("setup.cfg", "[egg_info]\ntag_build = \ntag_date = 0\n[build_ext]\nx = 1\n", "differs"),
        ("src/demo.egg-info/evil.py", "", "only-in-package"),
        ("src/demo.egg-info/requires.txt", "foo>=1\nevil\n", "differs"),
        ("src/demo.egg-info/entry_points.txt", "[console_scripts]\ndemo = evil:main\n", "differs"),
        ("src/demo.egg-info/top_level.txt", "demo\nevil\n", "differs"),
        ("src/other.egg-info/SOURCES.txt", "", "only-in-package"),
        ("src/demo.egg-info/PKG-INFO", required.as_str(), "differs"),
        ("PKG-INFO", required.as_str(), "differs"),
        ("pyproject.toml", "[project]\nname = \"demo\"\n", "differs"),
    ] {
        let comparison = sdist(|files| drop(files.insert(path.into(), content.into())));
        let (verdict, open) = told(&comparison);
        assert_eq!(verdict, Verdict::Differs, "{path}");
        assert!(open.contains(&format!("{class} {path}")), "{path}: {open:?}");
    }
}

fn wheel_of(files: &Files) -> Package {
    let mut record = String::new();
    let encode = |digest: &str| {
        let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).unwrap()).collect();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    };
    for (path, content) in files {
        record.push_str(&format!("{path},sha256={},{}\n", encode(&plimsoll_model::sha256_hex(content)), content.len()));
    }
    record.push_str("demo-1.0.0.dist-info/RECORD,,\n");
    let mut files = files.clone();
    files.insert("demo-1.0.0.dist-info/RECORD".into(), record.into_bytes());
    // Stored entries, as APPNOTE 4.3.7 and 4.3.12 have them.
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (path, content) in &files {
        let at = u32::try_from(zip.len()).unwrap();
        let mut common = Vec::new();
        common.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x5a]);
        common.extend(crc32fast::hash(content).to_le_bytes());
        common.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(path.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        zip.extend(b"PK\x03\x04");
        zip.extend(&common);
        zip.extend(path.as_bytes());
        zip.extend(content);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let (start, length) = (u32::try_from(zip.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    zip.extend(directory);
    zip.write_all(b"PK\x05\x06\0\0\0\0").unwrap();
    zip.extend(count);
    zip.extend(count);
    zip.extend(length.to_le_bytes());
    zip.extend(start.to_le_bytes());
    zip.extend([0, 0]);
    Package::read("demo-1.0.0-py3-none-any.whl", &zip, &Limits::default()).unwrap()
}

fn wheel(change: impl FnOnce(&mut Files)) -> Comparison {
    let mut files = files(&[
        ("demo-1.0.0.dist-info/METADATA", METADATA),
        ("demo-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        ("demo-1.0.0.dist-info/entry_points.txt", "[console_scripts]\ndemo = demo:main\n"),
        ("demo-1.0.0.dist-info/licenses/LICENSE", "do\n"),
        ("demo/__init__.py", "def main(): pass\n"),
    ]);
    change(&mut files);
    compare(&wheel_of(&files), &snapshot(&source()))
}

#[test]
fn a_wheel_holds_the_modules_of_the_tree() {
    let comparison = wheel(|_| {});
    assert_eq!(told(&comparison), (Verdict::Equal, vec![]), "{:?}", comparison.files);
    assert_eq!(comparison.counts.unwrap().same, 2);
    let folder = "demo-1.0.0.dist-info";
    let required = METADATA.replace("foo>=1", "foo>=1\nRequires-Dist: evil");
    for (path, content, class) in [
        ("demo/__init__.py".to_owned(), "import os\n", "differs"),
        ("demo/more.py".to_owned(), "", "only-in-package"),
        ("evil.pth".to_owned(), "import os\n", "only-in-package"),
        ("demo-1.0.0.data/scripts/x".to_owned(), "", "only-in-package"),
        (format!("{folder}/METADATA"), required.as_str(), "differs"),
        (format!("{folder}/entry_points.txt"), "[console_scripts]\nls = demo:main\n", "differs"),
        (format!("{folder}/licenses/LICENSE"), "dont\n", "differs"),
        (format!("{folder}/more"), "", "only-in-package"),
    ] {
        let comparison = wheel(|files| drop(files.insert(path.clone(), content.into())));
        assert_eq!(told(&comparison), (Verdict::Differs, vec![format!("{class} {path}")]));
    }
}
