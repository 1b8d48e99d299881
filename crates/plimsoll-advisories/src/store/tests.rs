use std::io::Write as _;

use plimsoll_model::body::{AdvisoryKind, Severity};

use super::*;
use crate::{
    advisory::Part,
    record::{Event, Range, RangeKind},
};

fn advisory(id: &str, fixed: &str) -> Advisory {
    let events = vec![Event::Introduced("0".to_owned()), Event::Fixed(fixed.to_owned())];
    let range = Range { kind: RangeKind::Ecosystem, repo: None, events };
    Advisory {
        id: id.to_owned(),
        aliases: vec!["CVE-2020-1".to_owned()],
        kind: AdvisoryKind::Vulnerability,
        severity: Severity::High,
        cvss: None,
        affected: vec![Part { ranges: vec![range], versions: vec!["0.9-odd".to_owned()] }],
        patched: vec![format!(">={fixed}")],
        functions: BTreeMap::new(),
        arch: Vec::new(),
        os: Vec::new(),
        published: Some("2020-01-01".to_owned()),
        modified: None,
        withdrawn: None,
        source: None,
    }
}

/// Two ecosystems with so many packages that there are several blocks.
fn packages() -> Packages {
    let mut packages = Packages::new();
    for ecosystem in ["PyPI", "npm"] {
        for number in 0..200 {
            let advisories = vec![advisory(&format!("A-{number}"), "1.0"), advisory("B-1", "2.0")];
            packages.insert((ecosystem.to_owned(), format!("package-{number:03}")), advisories);
        }
    }
    packages
}

fn written() -> String {
    let data = |source: &str| EcosystemData { source: source.to_owned(), ..EcosystemData::default() };
    let ecosystems = BTreeMap::from([("npm".to_owned(), data("somewhere"))]);
    String::from_utf8(write(&packages(), &ecosystems).unwrap()).unwrap()
}

fn open(bytes: &[u8]) -> Result<Store, AdvisoryError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Store::open(file)
}

#[test]
fn what_is_written_is_read_from_a_file_and_from_memory() {
    let text = written();
    let leaked: &'static [u8] = Box::leak(text.clone().into_bytes().into_boxed_slice());
    for store in [open(text.as_bytes()).unwrap(), Store::built_in(leaked).unwrap()] {
        assert_eq!(store.all().unwrap(), packages());
        assert!(store.lines.len() > 5, "{} blocks", store.lines.len());
        for ((ecosystem, name), advisories) in packages() {
            assert_eq!(store.advisories(&ecosystem, &name).unwrap(), advisories);
        }
        for (ecosystem, name) in
            [("npm", "a"), ("npm", "zzz"), ("npm", "package-0000"), ("Go", "package-000"), ("zzz", "a"), ("", "")]
        {
            assert_eq!(store.advisories(ecosystem, name).unwrap(), [], "{ecosystem} {name}");
        }
        let npm = &store.ecosystems()["npm"];
        assert_eq!((npm.source.as_str(), npm.advisories, npm.packages), ("somewhere", 201, 200));
        assert_eq!(store.ecosystems()["PyPI"].packages, 200);
    }
    assert_eq!(written(), text, "the same bytes again");
    let empty = write(&Packages::new(), &BTreeMap::new()).unwrap();
    assert_eq!(open(&empty).unwrap().all().unwrap(), Packages::new());
    for name in ["", "a\tb", "a\nb"] {
        let packages = Packages::from([(("npm".to_owned(), name.to_owned()), vec![advisory("A", "1")])]);
        assert!(write(&packages, &BTreeMap::new()).is_err(), "{name:?}");
    }
}

#[test]
fn a_snapshot_that_was_touched_is_refused() {
    let good = written();
    let header = good.lines().next().unwrap().to_owned();
    let second = good.lines().nth(1).unwrap().to_owned();
    let third = good.lines().nth(2).unwrap().to_owned();
    let index_bytes = |text: &str| text.replacen(&second, &format!("{third}\n{second}"), 1).replacen(&third, "", 1);
    let larger = {
        let mut header: serde_json::Value = serde_json::from_str(&header).unwrap();
        header["index"]["bytes"] = serde_json::json!(LARGEST_INDEX + 1);
        format!("{header}\n")
    };
    for (bad, says) in [
        (String::new(), "no header line"),
        ("{}\n".to_owned(), "header"),
        (header.clone(), "no header line"),
        (good.replacen("\"format\":2", "\"format\":1", 1), "has format 1"),
        (good.replacen("\"format\":2", "\"format\":3", 1), "has format 3"),
        (good.replacen("\"ecosystems\"", "\"systems\"", 1), "header"),
        (good.replacen("advisory snapshot", "something else", 1), "format"),
        (good.replacen("\"blocks\":", "\"blocks\":1", 1), "changed or cut off"),
        (good.replacen(&second, &second.replace('0', "1"), 1), "digest of its index"),
        (index_bytes(&good), "digest of its index"),
        (good.replacen("\"advisories\":201", "\"advisories\":5201", 1), "digest of its index"),
        (good.replacen("\"counted\":201", "\"counted\":5201", 1), "digest of its index"),
        (good.replacen("somewhere", "elsewhere", 1), "digest of its index"),
        (good[..good.len() - 10].to_owned(), "changed or cut off"),
        (format!("{good}more"), "changed or cut off"),
        (format!("{header}\n"), "cut off"),
        (larger, "larger than"),
    ] {
        let error = open(bad.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says), "{error} does not say {says}");
    }
    // What is changed in a block is seen when it is read, and so is what is moved.
    for (one, other) in [("\"1.0\"", "\"9.0\""), ("package-100", "package-xyz"), ("B-1", "B-2")] {
        let (index, blocks) =
            good.split_at(good.rfind("\t0\t").map_or(0, |_| good.find("PyPI\tpackage-000\t[").unwrap()));
        let bad = format!("{index}{}", blocks.replace(one, other));
        let store = open(bad.as_bytes()).unwrap();
        let error = store.all().unwrap_err().to_string();
        assert!(error.contains("changed or cut off"), "{error}");
    }
}

/// An index with a right digest is refused all the same where it cannot have been written.
#[test]
fn an_index_that_nobody_wrote_is_refused() {
    let block = "npm\ta\t[]\n";
    let of = |index: String, blocks: u64| {
        let header = Header {
            what: WHAT.to_owned(),
            format: FORMAT,
            ecosystems: BTreeMap::new(),
            index: IndexHeader { bytes: index.len() as u64, blocks, sha256: String::new() },
        };
        let sha256 = digest_of(&header, &index).unwrap();
        let header = Header { index: IndexHeader { sha256, ..header.index.clone() }, ..header };
        open(format!("{}\n{index}{block}", serde_json::to_string(&header).unwrap()).as_bytes())
    };
    let (length, digest) = (block.len(), sha256_hex(block.as_bytes()));
    let good = format!("npm\ta\t0\t{length}\t{digest}\n");
    assert!(of(good.clone(), 1).is_ok());
    for (index, blocks) in [
        (good.clone(), 2),
        (format!("{good}{good}"), 2),
        (format!("npm\ta\t1\t{length}\t{digest}\n"), 1),
        (format!("npm\ta\t0\t{}\t{digest}\n", u64::MAX), 1),
        (format!("npm\ta\t0\t{}\t{digest}\n", length - 1), 1),
        (format!("npm\ta\t0\t{length}\n"), 1),
        (format!("npm\ta\t0\t{length}\t{digest}\tmore\n"), 1),
        (good.trim_end().to_owned(), 1),
        (format!("npm\ta\t0\t{length}\t{digest}\nnpm\tb\t{length}\t5\t{digest}\n"), 2),
    ] {
        assert!(of(index.clone(), blocks).is_err(), "{index:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, at in 0_usize..100_000, byte: u8) {
        let _ = open(&bytes);
        let mut good = written().into_bytes();
        let at = at % good.len();
        let changed = good[at] != byte;
        good[at] = byte;
        let start = written().find('\n').unwrap();
        let read = open(&good).and_then(|store| store.all());
        // Every byte behind the header is under a digest.
        if changed && at > start {
            proptest::prop_assert!(read.is_err());
        }
    }
}
