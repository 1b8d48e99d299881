//! Conditions of compilation, as far as they can be decided without a target.
//!
//! Source: the Rust reference, "Conditional compilation".

use std::collections::BTreeSet;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cfg {
    Flag(String),
    Value(String, String),
    Not(Box<Cfg>),
    All(Vec<Cfg>),
    Any(Vec<Cfg>),
    Unknown,
}

/// Whether a condition holds in a test build. Ordered from what is surely left out to what is surely built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    No,
    Unknown,
    /// Only where somebody asks for it: a feature that is off by default, a tool's own flag.
    OnDemand,
    /// On some platforms.
    Somewhere,
    Yes,
}

/// The features of a package: those that it has, and those that are on by default.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    pub(super) all: BTreeSet<String>,
    pub(super) default: BTreeSet<String>,
}

/// Conditions inside of each other.
const DEEPEST: usize = 30;
/// Tokens of one condition; what is longer is not known.
const LONGEST: usize = 300;
/// Flags that tools and makers set when they ask for it.
const ON_DEMAND: &[&str] = &[
    "coverage",
    "coverage_nightly",
    "doc",
    "doc_cfg",
    "docsrs",
    "doctest",
    "fuzzing",
    "kani",
    "loom",
    "miri",
    "nightly",
    "rustfmt",
    "clippy",
    "bench",
    "shuttle",
    "careful",
    "proc_macro",
];
/// Platforms and the like that there are.
const VALUES: &[(&str, &[&str])] = &[
    (
        "target_os",
        &[
            "linux",
            "macos",
            "windows",
            "ios",
            "android",
            "freebsd",
            "netbsd",
            "openbsd",
            "dragonfly",
            "solaris",
            "illumos",
            "wasi",
            "none",
            "fuchsia",
            "redox",
            "tvos",
            "watchos",
            "visionos",
            "haiku",
            "emscripten",
            "hermit",
            "uefi",
            "nto",
            "aix",
            "espidf",
            "horizon",
            "cygwin",
        ],
    ),
    (
        "target_arch",
        &[
            "x86",
            "x86_64",
            "arm",
            "aarch64",
            "mips",
            "mips64",
            "powerpc",
            "powerpc64",
            "riscv32",
            "riscv64",
            "s390x",
            "sparc",
            "sparc64",
            "wasm32",
            "wasm64",
            "loongarch64",
            "arm64ec",
            "hexagon",
            "bpf",
            "avr",
            "msp430",
        ],
    ),
    ("target_family", &["unix", "windows", "wasm"]),
    ("target_env", &["", "gnu", "msvc", "musl", "sgx", "newlib", "uclibc", "ohos"]),
    ("target_pointer_width", &["16", "32", "64"]),
    ("target_endian", &["little", "big"]),
    ("target_vendor", &["apple", "pc", "unknown", "fortanix"]),
    ("panic", &["unwind", "abort"]),
];

impl Cfg {
    /// Reads the tokens of one condition; what follows it is left.
    pub(super) fn read(tokens: &[&str]) -> Self {
        if tokens.len() > LONGEST { Self::Unknown } else { Self::parse(tokens, 0).0 }
    }

    /// How many tokens the first condition takes, with the comma behind it.
    pub(super) fn length(tokens: &[&str]) -> usize {
        if tokens.len() > LONGEST { tokens.len() } else { Self::parse(tokens, 0).1 + 1 }
    }

    fn parse(tokens: &[&str], depth: usize) -> (Self, usize) {
        let Some(name) = tokens.first().filter(|_| depth < DEEPEST) else { return (Self::Unknown, tokens.len()) };
        match tokens.get(1) {
            Some(&"(") => {
                let mut inner = Vec::new();
                let mut at = 2;
                while at < tokens.len() && tokens.get(at) != Some(&")") {
                    let (one, length) = Self::parse(tokens.get(at..).unwrap_or_default(), depth + 1);
                    inner.push(one);
                    at += length.max(1);
                    if tokens.get(at) == Some(&",") {
                        at += 1;
                    }
                }
                let cfg = match (*name, inner.len()) {
                    ("not", 1) => inner.pop().map_or(Self::Unknown, |one| Self::Not(Box::new(one))),
                    ("all", _) => Self::All(inner),
                    ("any", _) => Self::Any(inner),
                    _ => Self::Unknown,
                };
                (cfg, at + 1)
            }
            Some(&"=") => {
                let value = tokens.get(2).copied().unwrap_or_default().trim_matches('"').to_owned();
                (Self::Value((*name).to_owned(), value), 3)
            }
            _ => (Self::Flag((*name).to_owned()), 1),
        }
    }

    /// Do all of `conditions` hold?
    pub(super) fn all(conditions: &[Cfg], features: &Features) -> Holds {
        conditions.iter().map(|one| one.holds(features)).min().unwrap_or(Holds::Yes)
    }

    pub(super) fn holds(&self, features: &Features) -> Holds {
        match self {
            Self::Flag(name) => match name.as_str() {
                "test" | "true" | "debug_assertions" => Holds::Yes,
                "false" => Holds::No,
                "unix" | "windows" => Holds::Somewhere,
                name if ON_DEMAND.contains(&name) => Holds::OnDemand,
                _ => Holds::Unknown,
            },
            Self::Value(name, value) if name == "feature" => {
                if features.default.contains(value) {
                    Holds::Yes
                } else if features.all.contains(value) {
                    Holds::OnDemand
                } else {
                    Holds::No
                }
            }
            Self::Value(name, value) => match VALUES.iter().find(|(known, _)| known == name) {
                Some((_, values)) if values.contains(&value.as_str()) => Holds::Somewhere,
                None if matches!(name.as_str(), "target_feature" | "target_has_atomic") => Holds::Somewhere,
                _ => Holds::Unknown,
            },
            Self::Not(inner) => match inner.holds(features) {
                Holds::Yes => Holds::No,
                // By default it is off.
                Holds::No | Holds::OnDemand => Holds::Yes,
                other => other,
            },
            Self::All(inner) => Self::all(inner, features),
            Self::Any(inner) => inner.iter().map(|one| one.holds(features)).max().unwrap_or(Holds::No),
            Self::Unknown => Holds::Unknown,
        }
    }
}

impl Features {
    /// The features of a manifest. An optional dependency is a feature as well.
    pub(super) fn of(manifest: &toml::Table) -> Self {
        let table = manifest.get("features").and_then(toml::Value::as_table);
        let mut all: BTreeSet<String> = table.into_iter().flat_map(|table| table.keys().cloned()).collect();
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let optional = dependencies
            .into_iter()
            .flatten()
            .filter(|(_, one)| one.get("optional").and_then(toml::Value::as_bool) == Some(true));
        all.extend(optional.map(|(name, _)| name.clone()));
        let mut default = BTreeSet::new();
        let mut open = vec!["default".to_owned()];
        while let Some(name) = open.pop() {
            if default.insert(name.clone()) {
                let turned_on = table.and_then(|table| table.get(&name)).and_then(toml::Value::as_array);
                let turned_on = turned_on.into_iter().flatten().filter_map(toml::Value::as_str);
                open.extend(
                    turned_on
                        .map(|one| one.trim_start_matches("dep:").split('/').next().unwrap_or_default().to_owned()),
                );
            }
        }
        Self { all, default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_decided_as_far_as_they_can_be() {
        let features = Features::of(&"[features]\ndefault = [\"a\"]\na = [\"dep:b\"]\nc = []\n[dependencies]\nb = { version = \"1\", optional = true }\nd = { version = \"1\", optional = true }\n".parse().unwrap());
        let check = |text: &str| {
            let spaced = text.replace('(', " ( ").replace(')', " ) ").replace(',', " , ").replace('=', " = ");
            let tokens: Vec<&str> = spaced.split_whitespace().collect();
            Cfg::read(&tokens).holds(&features)
        };
        for (text, expected) in [
            ("any()", Holds::No),
            ("all()", Holds::Yes),
            ("test", Holds::Yes),
            ("not(test)", Holds::No),
            ("feature=\"a\"", Holds::Yes),
            ("feature=\"b\"", Holds::Yes),
            ("feature=\"c\"", Holds::OnDemand),
            ("feature=\"d\"", Holds::OnDemand),
            ("feature=\"none\"", Holds::No),
            ("not(feature=\"c\")", Holds::Yes),
            ("all(test,not(miri))", Holds::Yes),
            ("all(test,target_os=\"linux\")", Holds::Somewhere),
            ("all(test,target_os=\"plan10\")", Holds::Unknown),
            ("not(windows)", Holds::Somewhere),
            ("any(never,test)", Holds::Yes),
            ("all(never,any())", Holds::No),
            ("not(never)", Holds::Unknown),
            ("version(\"1\")", Holds::Unknown),
            ("", Holds::Unknown),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }
}
