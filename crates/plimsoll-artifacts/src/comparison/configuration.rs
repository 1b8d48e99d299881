//! INI files as Python's configparser reads and writes them, as far as packers use them.

use std::collections::BTreeMap;

/// Sections by name, each with its keys and values; lines that continue a value are joined to it.
pub(super) type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// What setuptools adds, in its own words.
const ADDED: [(&str, &str); 3] = [("tag_build", ""), ("tag_date", "0"), ("tag_svn_revision", "0")];

/// Gives the sections, or `None` for what is no such file, or has a section or a key twice.
pub(super) fn sections(bytes: &[u8]) -> Option<Sections> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut sections = Sections::new();
    let mut section: Option<String> = None;
    let mut key: Option<String> = None;
    for line in text.split(['\n', '\r']) {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let value = sections.get_mut(section.as_ref()?)?.get_mut(key.as_ref()?)?;
            value.push('\n');
            value.push_str(content);
            continue;
        }
        if let Some(name) = content.strip_prefix('[') {
            let name = name.strip_suffix(']')?.to_owned();
            if sections.insert(name.clone(), BTreeMap::new()).is_some() {
                return None;
            }
            (section, key) = (Some(name), None);
            continue;
        }
        let at = content.find(['=', ':'])?;
        let (name, value) = content.split_at(at);
        let name = name.trim_end().to_owned();
        let value = value.get(1..).unwrap_or_default().trim().to_owned();
        if sections.get_mut(section.as_ref()?)?.insert(name.clone(), value).is_some() {
            return None;
        }
        key = Some(name);
    }
    Some(sections)
}

/// Is this the `setup.cfg` of the tree as setuptools writes it anew: without comments, and with its own `[egg_info]`?
pub(super) fn is_rewritten(packed: &[u8], source: Option<&str>) -> bool {
    let (Some(mut packed), Some(mut source)) = (sections(packed), sections(source.unwrap_or_default().as_bytes()))
    else {
        return false;
    };
    for (key, value) in ADDED {
        let in_source = source.get("egg_info").and_then(|section| section.get(key)).is_some();
        if let Some(section) = packed.get_mut("egg_info").filter(|_| !in_source)
            && section.get(key).is_some_and(|found| found == value)
        {
            section.remove(key);
        }
    }
    for sections in [&mut packed, &mut source] {
        sections.retain(|_, section| !section.is_empty());
    }
    packed == source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_setuptools_adds_is_known() {
        let added = "[egg_info]\ntag_build = \ntag_date = 0\n\n";
        let own = "# a comment\n[metadata]\nname = a\n\n[options]\ninstall_requires =\n    b\n    c\n";
        let written = "[metadata]\nname = a\n\n[options]\ninstall_requires = \n\tb\n\tc\n\n";
        for (packed, source, expected) in [
            (added.to_owned(), None, true),
            (format!("{written}{added}"), Some(own), true),
            (own.to_owned(), Some(own), true),
            (format!("{written}{added}"), None, false),
            (added.replace('0', "1"), None, false),
            (format!("{}{added}", written.replace("\tc", "\tevil")), Some(own), false),
            (format!("{}{added}", written.replace("\tc", "\tc\n\tevil")), Some(own), false),
            (format!("{written}[easy_install]\nindex_url = x\n{added}"), Some(own), false),
            (format!("{written}{added}{added}"), Some(own), false),
            (format!("{added}tag_build = .dev\n"), None, false),
            (added.replace("[egg_info]", "egg_info"), None, false),
            (format!("{added}[a]\nb = 1\n"), Some("[a]\nb = 1\n  c\n"), false),
        ] {
            assert_eq!(is_rewritten(packed.as_bytes(), source), expected, "{packed:?} {source:?}");
        }
    }
}
