use super::{building::*, refusal};
use crate::{ArtifactError, Limits, MetadataFault, Package, PathFault, RecordFault};

const WHL: &str = "a-1.0.0-py3-none-any.whl";
const RECORD: &str = "a-1.0.0.dist-info/RECORD";

fn package(name: &str, files: &[(&str, &str)]) -> Package {
    Package::read(name, &zip_of(&wheel_files(files)), &Limits::default()).unwrap()
}

fn fault(name: &str, files: &[(&str, &str)]) -> MetadataFault {
    match refusal(name, &zip_of(&wheel_files(files))) {
        ArtifactError::Metadata { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

fn record(change: impl FnOnce(&mut Vec<(String, String)>)) -> RecordFault {
    let mut files = wheel_files(&[("a.py", "pass\n"), ("b,\"c\".py", "")]);
    let last = files.len() - 1;
    files[last].1 = files[last].1.replace("b,\"c\".py", "\"b,\"\"c\"\".py\"");
    Package::read(WHL, &zip_of(&files), &Limits::default()).unwrap();
    change(&mut files);
    match refusal(WHL, &zip_of(&files)) {
        ArtifactError::Record { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn wheels_say_who_they_are() {
    let package = package(WHL, &[("a/__init__.py", "x = 1\n")]);
    assert_eq!((package.name(), package.version(), package.folder()), ("a", "1.0.0", ""));
    assert!(package.is_pure());
    assert_eq!(package.get("a/__init__.py").unwrap().bytes, b"x = 1\n");
    assert_eq!(package.get("a"), None);
    assert_eq!(package.files().len(), 4);
}

#[test]
fn wheels_for_some_platform_are_not_pure() {
    let info = |text: &str| [("a-1.0.0.dist-info/WHEEL".to_owned(), text.to_owned())];
    let is_pure = |name: &str, wheel: &str| {
        let files = info(wheel);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        package(name, &files).is_pure()
    };
    assert!(is_pure("a-1.0.0-1build-py2.py3-none-any.whl", WHEEL));
    assert!(!is_pure("a-1.0.0-cp311-cp311-manylinux_2_17_x86_64.whl", WHEEL));
    assert!(!is_pure("a-1.0.0-py3-abi3-any.whl", WHEEL));
    assert!(!is_pure(WHL, &WHEEL.replace("true", "false")));
    assert!(!is_pure(WHL, &WHEEL.replace("Tag: py3-none-any\n", "")));
    assert!(!is_pure(WHL, &format!("{WHEEL}Tag: cp311-cp311-win_amd64\n")));
    assert!(!package(WHL, &[("a-1.0.0.data/platlib/a.so", "")]).is_pure());
}

#[test]
fn wheels_that_say_something_else_are_refused() {
    for name in [
        "a-1.0.1-py3-none-any.whl",
        "b-1.0.0-py3-none-any.whl",
        "a-1.0.0-none-any.whl",
        "a-1.0.0-x-py3-none-any.whl",
        "a-1.0.0-1-2-py3-none-any.whl",
        "a-1.0.0-py3-none-.whl",
        ".whl",
    ] {
        assert!(matches!(fault(name, &[]), MetadataFault::FileName { .. }), "{name}");
    }
    let with = |path: &str, text: &str| fault(WHL, &[(path, text)]);
    let metadata = |text: &str| with("a-1.0.0.dist-info/METADATA", text);
    let wheel = |text: &str| with("a-1.0.0.dist-info/WHEEL", text);
    assert!(matches!(metadata("Name: a\nVersion: 2\n"), MetadataFault::FileName { .. }));
    assert_eq!(metadata("Name: a\nName: b\nVersion: 1.0.0\n"), MetadataFault::Twice { field: "Name" });
    assert_eq!(metadata("Version: 1.0.0\n"), MetadataFault::Field { field: "Name" });
    assert!(matches!(wheel(&WHEEL.replace("1.0", "2.0")), MetadataFault::WheelVersion { .. }));
    assert_eq!(wheel("Root-Is-Purelib: true\n"), MetadataFault::Field { field: "Wheel-Version" });
    assert_eq!(wheel(&WHEEL.replace("true", "maybe")), MetadataFault::Field { field: "Root-Is-Purelib" });
    let twice = format!("{WHEEL}root-is-purelib: false\n");
    assert_eq!(wheel(&twice), MetadataFault::Twice { field: "Root-Is-Purelib" });
    assert_eq!(with("b-1.0.0.dist-info/METADATA", METADATA), MetadataFault::Several);
    assert_eq!(with("b-1.0.0.DIST-INFO/x", ""), MetadataFault::Several);

    let renamed = |from: &str, to: &str| {
        let files: Vec<(String, String)> =
            wheel_files(&[]).into_iter().map(|(path, text)| (path.replace(from, to), text.replace(from, to))).collect();
        match refusal(WHL, &zip_of(&files)) {
            ArtifactError::Metadata { fault, .. } => fault,
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(renamed("a-1.0.0.dist", "b-1.0.0.dist"), MetadataFault::Folder { .. }));
    assert!(matches!(renamed("a-1.0.0.dist", "a-1.0.1.dist"), MetadataFault::Folder { .. }));
    assert_eq!(renamed(".dist-info", ".egg-info"), MetadataFault::Missing);
    assert_eq!(renamed("/WHEEL", "/WHEELS"), MetadataFault::Missing);
    assert_eq!(renamed("/METADATA", "/PKG-INFO"), MetadataFault::Missing);
    assert_eq!(renamed("/RECORD", "/RECORDS"), MetadataFault::Missing);
}

#[test]
fn records_have_to_list_every_file_as_it_is() {
    let edit = |from: &'static str, to: &'static str| {
        record(move |files| {
            let list = &mut files.last_mut().unwrap().1;
            assert!(list.contains(from));
            *list = list.replacen(from, to, 1);
        })
    };
    assert_eq!(record(|files| files[0].1 = "evil\n".into()), RecordFault::Digest);
    assert_eq!(record(|files| files.insert(0, ("new.py".into(), String::new()))), RecordFault::Unlisted);
    assert_eq!(record(|files| drop(files.remove(0))), RecordFault::Absent);
    assert_eq!(edit("a.py,sha256=", "a.py,md5="), RecordFault::Weak);
    assert_eq!(edit("a.py,sha256=", "a.py,sha1="), RecordFault::Weak);
    assert_eq!(edit("a.py,sha256=", "a.py,sha512="), RecordFault::Digest);
    assert_eq!(edit(",5\n", ",6\n"), RecordFault::Size);
    assert_eq!(edit(",5\n", ",\n"), RecordFault::Size);
    assert_eq!(edit(",5\n", ",5,\n"), RecordFault::Row);
    assert_eq!(edit("a.py", "/a.py"), RecordFault::Absent);
    assert_eq!(edit("a.py", "./a.py"), RecordFault::Absent);
    assert_eq!(edit("\"b", "b"), RecordFault::Row);
    assert_eq!(edit("a-1.0.0.dist-info/RECORD,,", "row"), RecordFault::Row);
    assert_eq!(edit("a-1.0.0.dist-info/RECORD,,", ""), RecordFault::Unlisted);
    assert_eq!(
        edit("a-1.0.0.dist-info/RECORD,,", "a-1.0.0.dist-info/RECORD,,\na-1.0.0.dist-info/RECORD,,"),
        RecordFault::Twice
    );
    let bare = |files: &mut Vec<(String, String)>| {
        let list = &mut files.last_mut().unwrap().1;
        let rest = list.split_once('\n').unwrap().1.to_owned();
        *list = format!("a.py,,\n{rest}");
    };
    assert_eq!(record(bare), RecordFault::Weak);
    let signed = |name: &'static str| {
        move |files: &mut Vec<(String, String)>| files.push((format!("{RECORD}{name}"), String::new()))
    };
    assert_eq!(record(signed(".sig")), RecordFault::Unlisted);
    let mut with_signature = wheel_files(&[]);
    signed(".jws")(&mut with_signature);
    assert!(Package::read(WHL, &zip_of(&with_signature), &Limits::default()).is_ok());
}

#[test]
fn two_files_for_one_place_are_refused() {
    for folder in ["a-1.0.0.data/purelib", "a-1.0.0.data/platlib", "A-1.0.0.data/purelib"] {
        let files = [("x/a.py", "1"), (&*format!("{folder}/x/a.py"), "2")].map(|(path, text)| (path.to_owned(), text));
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let refused = refusal(WHL, &zip_of(&wheel_files(&files)));
        assert!(matches!(refused, ArtifactError::Path { fault: PathFault::Duplicate, .. }), "{refused:?}");
    }
    package(WHL, &[("x/a.py", "1"), ("a-1.0.0.data/scripts/x/a.py", "2"), ("a-1.0.0.data/purelib/b.py", "3")]);
}
