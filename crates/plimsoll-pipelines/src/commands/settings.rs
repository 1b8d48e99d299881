//! Commands that set something of a tool for later ones, where it is none of what a check does.

use super::{Evaluator, UNKNOWN};
use crate::tree;

/// Settings of npm and its like: how much is said, and how packages are fetched.
///
/// Source: npm, "Config"; Yarn 1, "config".
const NPM: &[&str] = &[
    "loglevel",
    "fund",
    "audit",
    "progress",
    "color",
    "update-notifier",
    "fetch-retries",
    "fetch-retry-factor",
    "fetch-retry-mintimeout",
    "fetch-retry-maxtimeout",
    "fetch-timeout",
    "network-timeout",
    "network-concurrency",
    "maxsockets",
    "strict-ssl",
    "save-exact",
    "engine-strict",
    "prefer-offline",
];
/// Settings of git: who commits, and how files are fetched and written.
///
/// Source: git-config(1). What runs a program (`core.hooksPath`, `alias`, `filter`, `credential.helper`), and what brings source
/// from elsewhere (`url`, `include`), is not among them.
const GIT: &[&str] = &[
    "user.name",
    "user.email",
    "init.defaultbranch",
    "core.autocrlf",
    "core.eol",
    "core.longpaths",
    "core.filemode",
    "core.compression",
    "core.fscache",
    "core.preloadindex",
    "gc.auto",
    "safe.directory",
    "http.postbuffer",
    "http.lowspeedlimit",
    "http.lowspeedtime",
    "http.version",
    "pull.rebase",
    "pull.ff",
    "push.default",
    "fetch.parallel",
    "submodule.fetchjobs",
    "protocol.version",
    "protocol.file.allow",
    "color.ui",
    "commit.gpgsign",
    "tag.gpgsign",
    "feature.manyfiles",
    "index.threads",
    "checkout.workers",
    "advice.detachedhead",
    "advice.addignoredfile",
];
/// Settings of Composer: for what, and how, packages are installed.
///
/// Source: Composer, "The composer.json schema", "config". Scripts, the folder of programs and repositories are not among them.
const COMPOSER: &[&str] = &[
    "platform",
    "minimum-stability",
    "prefer-stable",
    "preferred-install",
    "process-timeout",
    "cache-dir",
    "github-protocols",
    "sort-packages",
    "discard-changes",
    "optimize-autoloader",
    "audit.abandoned",
    "github-oauth.github.com",
];

impl Evaluator<'_> {
    /// Does the command change nothing of what later ones do?
    pub(super) fn only_sets(&self, words: &[String]) -> bool {
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        // One that is not known may be several words, and options among them.
        if plain.contains(&UNKNOWN) {
            return false;
        }
        match plain.as_slice() {
            ["npm" | "pnpm" | "yarn", "config", "set", rest @ ..] => sets_npm(rest),
            ["git", "config", rest @ ..] => {
                sets_one(rest, GIT, &["--global", "--system", "--local", "--add", "--replace-all"])
            }
            ["composer", "config", rest @ ..] => {
                sets_one(rest, COMPOSER, &["--global", "-g", "--unset", "--no-interaction", "-n", "-q"])
            }
            ["rm", rest @ ..] => self.removes_nothing_of_the_tree(rest),
            _ => false,
        }
    }

    /// What is not of the tree is gone: a program that was there is then missing, and fails. Without the file that names a version
    /// of Rust there is another compiler.
    fn removes_nothing_of_the_tree(&self, rest: &[&str]) -> bool {
        let (options, paths): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| word.starts_with('-'));
        let plain = options.iter().all(|option| matches!(*option, "-f" | "-r" | "-rf" | "-fr" | "-R" | "-v"));
        let outside = ["/opt/", "/usr/share/", "/usr/local/lib/", "/usr/local/share/", "/var/", "/tmp/"];
        plain
            && !paths.is_empty()
            && paths.iter().all(|path| {
                // What is not known may be anything of the tree.
                if path.contains(|c: char| c.is_control() || c == '*') {
                    return false;
                }
                if outside.iter().any(|start| path.starts_with(start)) {
                    return !path.contains("..");
                }
                let Some(path) = self.folder.as_deref().and_then(|folder| tree::join(folder, path)) else {
                    return false;
                };
                let name = path.rsplit('/').next().unwrap_or_default();
                matches!(name, "rust-toolchain" | "rust-toolchain.toml")
                    || !path.is_empty() && !path.starts_with('.') && !self.tree.has(&path)
            })
    }
}

/// `key value key value`, `key=value key=value`, as npm takes them.
fn sets_npm(rest: &[&str]) -> bool {
    let mut words =
        rest.iter().filter(|word| !matches!(**word, "--global" | "-g" | "--location=global" | "--location=user"));
    let mut any = false;
    while let Some(word) = words.next() {
        let (key, value) = match word.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (*word, words.next().copied()),
        };
        let token = key.starts_with("//") && (key.ends_with(":_authToken") || key.ends_with(":username"));
        if value.is_none() || key.starts_with('-') || !(NPM.contains(&key) || token) {
            return false;
        }
        any = true;
    }
    any
}

/// Options, one key, and a value at most.
fn sets_one(rest: &[&str], keys: &[&str], options: &[&str]) -> bool {
    let (given, named): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| word.starts_with('-'));
    let known = |key: &str| {
        let key = key.to_ascii_lowercase();
        keys.contains(&key.as_str())
            || key.strip_prefix("platform.").is_some_and(|_| keys.contains(&"platform"))
            || key.strip_prefix("allow-plugins.").is_some_and(|_| keys.contains(&"platform"))
    };
    // Asked for, a place changes nothing; set, it may be one of the tree.
    let sets_place = matches!(named.as_slice(), ["cache-dir", _]);
    !sets_place
        && given.iter().all(|option| options.contains(option))
        && matches!(named.as_slice(), [key] | [key, _] if known(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Made;

    #[test]
    fn settings_of_checks_are_told_from_others() {
        let tree = Made(vec![("src/lib.rs", ""), ("rust-toolchain.toml", ""), ("Cargo.lock", "")]);
        let check = |text: &str, expected: bool| {
            let words: Vec<String> = text.split(' ').map(ToOwned::to_owned).collect();
            assert_eq!(Evaluator::new(&tree).only_sets(&words), expected, "{text}");
        };
        for text in [
            "npm config set loglevel error",
            "npm config set loglevel=error fund false",
            "yarn config set network-timeout 300000",
            "npm config set //registry.npmjs.org/:_authToken x",
            "git config --global user.name a",
            "git config --global --add safe.directory *",
            "git config --system core.longpaths true",
            "composer config platform --unset",
            "composer config platform.php 8.1",
            "composer config minimum-stability dev",
            "composer config --no-interaction allow-plugins.a/b true",
            "composer config cache-dir",
            "rm rust-toolchain.toml",
            "rm -rf /opt/ghc /usr/share/dotnet",
            "rm -rf target",
        ] {
            check(text, true);
        }
        for text in [
            "npm config set script-shell /bin/true",
            "npm config set loglevel error script-shell /bin/true",
            "npm config set loglevel=error script-shell=/bin/true",
            "npm config set node-options --require=x",
            "npm config set ignore-scripts true",
            "npm config set loglevel",
            "npm config set --userconfig x",
            "git config core.hooksPath ci",
            "git config alias.x !true",
            "git config --file x user.name y",
            "git config --global url.a.insteadOf b",
            "git config filter.x.smudge true",
            "git config user.name a core.hooksPath",
            "git config include.path ../ci/gitconfig",
            "composer config scripts.test true",
            "composer config cache-dir ./ci/cache",
            "npm config set registry http://localhost",
            "npm config set cache ./ci/cache",
            "npm config set loglevel \u{2}",
            "git config user.name \u{2}",
            "rm -rf \u{2}",
            "rm -rf \u{3}",
            "rm -rf src*",
            "composer config bin-dir ci/bin",
            "composer config --file=x platform y",
            "composer config repositories.x path ./ci",
            "rm Cargo.lock",
            "rm -rf src",
            "rm -rf .",
            "rm -rf ..",
            "rm -rf /opt/../work",
            "rm -rf /",
            "rm -rf .git",
            "rm",
            "rm -i x",
        ] {
            check(text, false);
        }
    }
}
