use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{Cause, Inventory, Locked, Options, Source, component::Origin, test_support};

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &Options::default())
}

/// `NAME VERSION reach` of every component that is not a member, sorted.
fn listed(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|component| !component.member);
    let mut all: Vec<String> =
        foreign.map(|one| format!("{} {} {}", one.name, one.version, one.reach.as_str())).collect();
    all.sort();
    all
}

const GEMFILE: &str = "# frozen_string_literal: true\nsource \"https://rubygems.org\"\n\nruby file: \".ruby-version\"\n\ngem \"a\", \"~> 1.0\", '>= 1.0.2'\ngroup :development, :test do\n  gem 't', require: false # tests\nend\ngem \"w\", platforms: %i[windows jruby]\n";

const LOCK: &str = "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0.3)\n      b (>= 1, < 3)\n    b (2.0.0)\n    b (2.0.0-x86_64-linux)\n    t (3.1.0.rc1)\n      b\n      bundler (>= 1)\n\nPLATFORMS\n  ruby\n  x86_64-linux\n\nDEPENDENCIES\n  a (>= 1.0.2, ~> 1.0)\n  t\n  w\n\nCHECKSUMS\n  a (1.0.3) sha256=AB\n  b (2.0.0) sha256=AC\n  b (2.0.0-x86_64-linux) sha256=AD\n  t (3.1.0.rc1)\n\nBUNDLED WITH\n   2.6.1\n";

/// The lockfile with digests of full length.
fn lock() -> String {
    ["AB", "AC", "AD"]
        .iter()
        .fold(LOCK.to_owned(), |text, hex| text.replace(&format!("={hex}"), &format!("={}", hex.repeat(32))))
}

#[test]
fn a_lockfile_says_what_runs_and_what_is_for_tests() {
    let found = of(&[("Gemfile", GEMFILE), ("Gemfile.lock", &lock())]);
    assert_eq!(listed(&found), ["a 1.0.3 shipped", "b 2.0.0 shipped", "b 2.0.0 shipped", "t 3.1.0.rc1 dev"]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {:?}", found.workspaces[0].difference, found.gaps);
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("Gemfile.lock", "2.6.1"));
    assert_eq!((lockfile.registry_packages, lockfile.missing_checksum), (4, 1));
    let purls: Vec<&str> = found.components.iter().map(|one| one.purl.as_str()).collect();
    assert!(
        purls.contains(&"pkg:gem/b@2.0.0?platform=x86_64-linux") && purls.contains(&"pkg:gem/b@2.0.0"),
        "{purls:?}"
    );
    let all = test_support::by_name(&found);
    assert_eq!((all["a"].direct, all["b"].direct, all["a"].source), (true, false, Source::Registry));
    assert_eq!(all["a"].depends_on, ["pkg:gem/b@2.0.0", "pkg:gem/b@2.0.0?platform=x86_64-linux"]);
    let archive = |name: &str| crate::ecosystem::of_purl("pkg:gem/a@1").unwrap().archive(all[name]).unwrap();
    assert_eq!(archive("b"), "https://rubygems.org/downloads/b-2.0.0-x86_64-linux.gem");
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{:?}", found.gaps);
    // The other pair of names is read alike.
    let other = of(&[("gems.rb", GEMFILE), ("gems.locked", &lock())]);
    assert_eq!((listed(&other), other.workspaces[0].locked), (listed(&found), Locked::Yes));
}

#[test]
fn a_lockfile_that_does_not_belong_to_its_gemfile_is_seen() {
    let check = |gemfile: &str, locked: Locked, told: &str| {
        let found = of(&[("Gemfile", gemfile), ("Gemfile.lock", &lock())]);
        let workspace = &found.workspaces[0];
        let difference = workspace.difference.clone().unwrap_or_default();
        assert_eq!(workspace.locked, locked, "{gemfile} {difference}");
        assert!(difference.contains(told), "{told}: {difference}");
        // What is not run to see what it asks for may ship everything.
        assert_eq!(listed(&found).contains(&"t 3.1.0.rc1 dev".to_owned()), locked != Locked::NotKnown, "{gemfile}");
    };
    check(GEMFILE, Locked::Yes, "");
    check(&GEMFILE.replace("~> 1.0", "~> 1.1"), Locked::No, "it was not written for a");
    check(&format!("{GEMFILE}gem 'n'\n"), Locked::No, "it was not written for n");
    check(&GEMFILE.replace("gem \"a\", \"~> 1.0\", '>= 1.0.2'\n", ""), Locked::No, "for a, for which nothing asks");
    check(&GEMFILE.replace(", platforms: %i[windows jruby]", ""), Locked::No, "it does not hold w");
    check(&format!("{GEMFILE}if ENV['X']\n  gem 'n'\nend\n"), Locked::Yes, "");
    check(&format!("{GEMFILE}gem 'n' if RUBY_VERSION >= '3'\n"), Locked::Yes, "");
    check(
        &GEMFILE.replace(
            "gem \"a\", \"~> 1.0\", '>= 1.0.2'",
            "if x\ngem 'a', '~> 1.0', '>= 1.0.2'\nelse\ngem 'a', '2'\nend",
        ),
        Locked::Yes,
        "",
    );
    check(
        &GEMFILE.replace("gem \"a\", \"~> 1.0\", '>= 1.0.2'", "if x\ngem 'a', '1'\nelse\ngem 'a', '2'\nend"),
        Locked::No,
        "not written for a",
    );
    // The same written in other ways.
    for (from, to) in [
        ("gem \"a\", \"~> 1.0\", '>= 1.0.2'", "gem('a', ['>= 1.0.2', '~> 1.0'])"),
        ("gem \"a\", \"~> 1.0\", '>= 1.0.2'", "gem \"a\",\n    \"~> 1.0\", # why\n    '>= 1.0.2'"),
        ("group :development, :test do", "group(:test) do"),
        ("group :development, :test do\n  gem 't', require: false # tests\nend", "gem 't', group: %w[test]"),
        (
            "group :development, :test do\n  gem 't', require: false # tests\nend",
            "gem 't', :groups => [:test, 'development']",
        ),
        ("# frozen", "=begin\ngem 'z'\n=end\n# frozen"),
        ("ruby file", "git_source(:x) do |n|\n  \"https://x/#{n}\"\nend\nruby file"),
        ("gem \"w\"", "# gem 'z'\n; gem \"w\""),
    ] {
        check(&GEMFILE.replace(from, to), Locked::Yes, "");
    }
    for open in [
        "eval_gemfile 'more'",
        "%w[x y].each do |name|\n  gem name\nend",
        "gem \"#{x}\"",
        "gem 'a', version",
        "gem 't', group: groups",
        "plugin 'x'",
        "x = 1",
        "require 'x'",
        "def gem(name)\n  super\nend",
        "group(*names) do\n  gem 'a'\nend",
        "gem <<~X\n  a\nX",
    ] {
        let text = format!("{GEMFILE}{open}\n");
        check(&text, Locked::NotKnown, "");
    }
}

#[test]
fn where_a_gem_comes_from_is_told() {
    let id = "0a".repeat(20);
    let text =
        |section: &str| format!("{section}  specs:\n    a (1.0.0)\n\nDEPENDENCIES\n  a!\n\nBUNDLED WITH\n   2.6.1\n");
    let check = |section: &str, origin: &Origin, purl: &str, fault: &str| {
        let found = of(&[("Gemfile", "gem 'a'\n"), ("Gemfile.lock", &text(section))]);
        let a = test_support::by_name(&found)["a"];
        assert_eq!((&a.origin, a.purl.as_str()), (origin, purl), "{section}");
        let gap = found.gaps.iter().find(|gap| gap.cause == Cause::LockfileEntry);
        assert_eq!(gap.is_some(), !fault.is_empty(), "{section} {gap:?}");
        assert!(gap.is_none_or(|gap| gap.reason.contains(fault)), "{gap:?}");
    };
    let public = Origin::Public("RubyGems");
    let registry = |url: &str| Origin::Registry(url.to_owned());
    let git = |url: &str| Origin::Git { url: url.to_owned(), revision: Some(id.clone()) };
    check("GEM\n  remote: https://rubygems.org/\n", &public, "pkg:gem/a@1.0.0", "");
    for (url, known) in [
        ("http://rubygems.org/", "http://rubygems.org"),
        ("https://rubygems.org.evil.example/", "https://rubygems.org.evil.example"),
        ("https://user:word@gems.example/x/", "https://gems.example/x"),
    ] {
        let purl = format!("pkg:gem/a@1.0.0?repository_url={}", known.replace('/', "%2F"));
        check(&format!("GEM\n  remote: {url}\n"), &registry(known), &purl, "");
    }
    let several = "GEM\n  remote: https://rubygems.org/\n  remote: https://gems.example/\n";
    let other = "pkg:gem/a@1.0.0?repository_url=https:%2F%2Fgems.example";
    check(several, &registry("https://gems.example"), other, "several remotes");
    let purl = |url: &str| format!("pkg:gem/a@1.0.0?vcs_url=git%2B{}%40{id}", url.replace('/', "%2F"));
    for (remote, url) in [
        ("https://g.example/a.git", "https://g.example/a.git"),
        ("https://u:w@g.example/a.git", "https://g.example/a.git"),
        ("git@g.example:x/a.git", "ssh://g.example/x/a.git"),
    ] {
        let section = format!("GIT\n  remote: {remote}\n  revision: {id}\n  branch: main\n");
        check(&section, &git(url), &purl(url), "");
    }
    let unpinned = Origin::Git { url: "https://g.example/a".to_owned(), revision: None };
    let loose = "pkg:gem/a@1.0.0?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fa";
    check("GIT\n  remote: https://g.example/a\n  revision: main\n", &unpinned, loose, "not pinned");
    let plugin = "PLUGIN SOURCE\n  remote: https://p.example/\n  type: x\n";
    check(plugin, &registry("https://p.example"), "pkg:gem/a@1.0.0?repository_url=https:%2F%2Fp.example", "a plugin");
    check("PATH\n  remote: gems/a\n", &Origin::Folder, "pkg:gem/a@1.0.0?download_url=file:%2F%2F.%2Fgems%2Fa", "");
    let found = of(&[("Gemfile", "gem 'a'\n"), ("Gemfile.lock", &text("PATH\n  remote: ../a\n"))]);
    assert!(found.gaps.iter().any(|gap| gap.reason.contains("not in the tree")), "{:?}", found.gaps);
    assert_ne!(found.workspaces[0].locked, Locked::Yes);
}

#[test]
fn gems_of_the_tree_are_the_products_own() {
    let spec = |name: &str, more: &str| {
        format!(
            "require_relative \"lib/v\"\nGem::Specification.new do |s|\n  s.name = \"{name}\"\n  s.version = V\n  s.files = Dir[\"lib/**/*\"].reject do |f|\n    f.end_with?('x')\n  end\n{more}end\n"
        )
    };
    let lock = "PATH\n  remote: .\n  specs:\n    app (1.0)\n      a (~> 1)\n      lib (= 1.0)\n    lib (1.0)\n      b\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.1)\n    b (1.2)\n    t (1.3)\n\nDEPENDENCIES\n  app!\n  lib!\n  t (~> 1)\n\nBUNDLED WITH\n   2.6.1\n";
    let app = spec(
        "app",
        "  s.add_dependency \"a\", \"~> 1\"\n  s.add_runtime_dependency 'lib', '= 1.0'\n  s.add_development_dependency 't', '~> 1'\n",
    );
    let lib = spec("lib", "  s.add_dependency 'b'\n");
    let gemfile = "source 'https://rubygems.org'\ngemspec\ngem 'lib', path: '.'\n";
    let files = [("Gemfile", gemfile), ("Gemfile.lock", lock), ("app.gemspec", &app), ("lib/lib.gemspec", &lib)];
    let found = of(&files);
    assert_eq!(listed(&found), ["a 1.1 shipped", "b 1.2 shipped", "t 1.3 dev"], "{:?}", found.gaps);
    let workspace = &found.workspaces[0];
    assert_eq!((found.workspaces.len(), workspace.members), (1, 2));
    assert_eq!(workspace.locked, Locked::Yes, "{:?} {:?}", workspace.difference, found.gaps);
    let lib_own = test_support::by_name(&found)["lib"];
    assert_eq!(lib_own.purl, "pkg:gem/lib@1.0?download_url=file:%2F%2F.%2Flib");
    assert_eq!(lib_own.depends_on, ["pkg:gem/b@1.2"]);
    // Each that asks for something else.
    for (at, from, to, locked) in [
        (2, "s.add_dependency \"a\"", "s.add_dependency 'n'\n  s.add_dependency \"a\"", Locked::No),
        (2, "'t', '~> 1'", "'t', '~> 2'", Locked::No),
        (3, "s.add_dependency 'b'", "s.add_dependency 'b'\n  s.add_dependency 'n'", Locked::No),
        (0, "gemspec\n", "", Locked::No),
        (2, "s.add_dependency \"a\"", "s.add_dependency x", Locked::NotKnown),
        (2, "s.files", "eval x\n  s.files", Locked::NotKnown),
        (2, "s.files", "if x\n    s.add_dependency 'n'\n  end\n  s.files", Locked::NotKnown),
    ] {
        let changed = files[at].1.replace(from, to);
        let mut files = files;
        files[at].1 = &changed;
        assert_eq!(of(&files).workspaces[0].locked, locked, "{changed}");
    }
    // A library alone has no lockfile: what it asks for is known by name.
    let found = of(&[("lib.gemspec", &lib)]);
    assert!(found.gaps.iter().any(|gap| gap.cause == Cause::NoLockfile), "{:?}", found.gaps);
}

#[test]
fn an_entry_that_is_not_understood_is_named() {
    for (from, to, cause, told) in [
        ("    a (1.0.3)", "    a (1.0.3", Cause::LockfileEntry, "line 4 \"a (1.0.3\" is not understood"),
        ("    a (1.0.3)", "    a (x y)", Cause::LockfileEntry, "line 4"),
        ("    a (1.0.3)", "    ../a (1.0.3)", Cause::LockfileEntry, "line 4"),
        ("    b (2.0.0)\n    b (2.0.0-x86_64-linux)\n", "", Cause::LockfileEntry, "asks for b, which it does not hold"),
        (&format!("sha256={}", "AB".repeat(32)), "sha256=A", Cause::LockfileEntry, "is not understood"),
        ("PLATFORMS", "SURPRISE", Cause::LockfileEntry, "the section \"SURPRISE\" is not known"),
        ("  a (>= 1.0.2", "  a (>= 1.0.2\n  a (>= 1.0.2", Cause::LockfileEntry, "is not understood"),
        ("GEM\n", "<<<<<<< HEAD\nGEM\n", Cause::Lockfile, "two versions of it"),
        (
            "2.6.1",
            "9.0.0",
            Cause::FutureLockfile,
            "version 9.0.0; this version of plimsoll reads those of Bundler 1 to 4",
        ),
    ] {
        let text = lock().replace(from, to);
        let found = of(&[("Gemfile", GEMFILE), ("Gemfile.lock", &text)]);
        let gap = found.gaps.iter().find(|gap| gap.cause == cause);
        assert!(gap.is_some_and(|gap| gap.reason.contains(told)), "{to}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{to}");
    }
    let found = of(&[("Gemfile", GEMFILE), ("Gemfile.lock", "")]);
    assert!(found.gaps.iter().any(|gap| gap.reason.contains("no sections")), "{:?}", found.gaps);
    let found = of(&[("Gemfile", "gem 'a'\ngroup :x do\n")]);
    assert!(found.gaps.iter().any(|gap| gap.reason.contains("a block has no end")), "{:?}", found.gaps);
}

/// What Bundler's own parser finds in a lockfile: name, version, platform and kind of source.
fn by_bundler(path: &Path) -> Option<BTreeSet<String>> {
    let script = "l = Bundler::LockfileParser.new(File.read(ARGV[0], encoding: 'UTF-8')); l.specs.each { |s| puts [s.name, s.version, s.platform, s.source.class.name.split('::').last].join(' ') }";
    let output = Command::new("ruby")
        .args(["-rbundler", "-e", script])
        .arg(path)
        .env("BUNDLE_GEMFILE", path.with_file_name("Gemfile"))
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    if told.contains("cannot load such file") {
        return None;
    }
    if !output.status.success() {
        eprintln!("{}: Bundler refuses it: {}", path.display(), told.lines().next().unwrap_or_default());
    }
    Some(String::from_utf8_lossy(&output.stdout).lines().map(ToOwned::to_owned).collect())
}

/// Made ones, and those of a folder of real projects where `PLIMSOLL_TREES` names one.
///
/// Of 187 files with 3,793 gems in twelve projects these differed (Bundler 2.3.15), all made for tests of a tool: a gem whose
/// gemspec has another version than the lockfile, where the gemspec's is told; an entry without a version, which is a fault
/// here; and a lockfile that Bundler refuses without a plugin, whose gems are listed here with a fault.
#[test]
fn bundler_itself_finds_the_same_gems() {
    let folder = tempfile::tempdir().unwrap();
    let git = format!(
        "GIT\n  remote: https://g.example/a\n  revision: {}\n  specs:\n    g (1.0.pre.1)\n      a\n\n",
        "0a".repeat(20)
    );
    let made = [lock(), format!("{git}PATH\n  remote: x\n  specs:\n    x (0)\n\n{}", lock())];
    for (number, text) in made.iter().enumerate() {
        let own = folder.path().join(number.to_string());
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("Gemfile.lock"), text).unwrap();
    }
    let given = std::env::var_os("PLIMSOLL_TREES");
    let (mut files, mut gems) = (0, 0);
    for root in [Some(folder.path().to_owned()), given.map(Into::into)].into_iter().flatten() {
        for project in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
            let (read, options) = test_support::load(&project, test_support::lockfile_only());
            let found = crate::inventory(&read, &crate::Survey::default(), &options);
            for lockfile in
                found.lockfiles.iter().filter(|one| one.format == "Gemfile.lock" || one.format == "gems.locked")
            {
                let Some(theirs) = by_bundler(&project.join(&lockfile.path)) else {
                    eprintln!("not checked: ruby with Bundler is missing");
                    return;
                };
                let kind = |one: &crate::Component| match &one.origin {
                    Origin::Git { .. } => "Git",
                    Origin::Folder => "Path",
                    _ => "Rubygems",
                };
                // RubyGems of that age takes the two names of one platform for the same.
                let plain = |text: &str| text.replace("-gnu", "");
                let platform = |purl: &str| {
                    let platform = purl.split_once("platform=").and_then(|(_, rest)| rest.split('&').next());
                    plain(platform.unwrap_or("ruby"))
                };
                let theirs: BTreeSet<String> = theirs.iter().map(|one| plain(one)).collect();
                let own = found.components.iter().filter(|one| one.lockfile.as_ref() == Some(&lockfile.path));
                let ours: BTreeSet<String> = own
                    .map(|one| {
                        (one.member, format!("{} {} {} {}", one.name, one.version, platform(&one.purl), kind(one)))
                    })
                    // A member without a gemspec is no gem.
                    .filter(|(member, shown)| !member || theirs.contains(shown))
                    .map(|(_, shown)| shown)
                    .collect();
                let missing: Vec<_> = theirs.difference(&ours).collect();
                let extra: Vec<_> = ours.difference(&theirs).collect();
                if !missing.is_empty() || !extra.is_empty() {
                    eprintln!("{} {}: only theirs {missing:?}, only ours {extra:?}", project.display(), lockfile.path);
                }
                assert!(!project.starts_with(folder.path()) || (missing.is_empty() && extra.is_empty()));
                (files, gems) = (files + 1, gems + theirs.len());
            }
            if project.starts_with(folder.path()) {
                continue;
            }
            for workspace in &found.workspaces {
                eprintln!(
                    "{} {}: {:?} {:?}",
                    project.display(),
                    workspace.manifest,
                    workspace.locked,
                    workspace.difference
                );
            }
            for gap in found.gaps.iter().filter(|gap| !matches!(gap.cause, Cause::NotCompared | Cause::NoLockfile)) {
                eprintln!("{}: {:?} {}", project.display(), gap.cause, gap.reason);
            }
        }
    }
    eprintln!("{files} files with {gems} gems compared with Bundler");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        text in "(\\PC|\n|  |    |\\(|\\)|\"|'|%w\\[|#\\{| do\n|end\n){0,60}",
        words in "(gem |'a'|, |:b|c: |\\[|\\]|\n| do|\nend\n|=>|if |GEM\n|  specs:\n|    a \\(1\\)\n| remote: ){0,40}",
    ) {
        for text in [&text, &words] {
            let _ = of(&[("Gemfile", text), ("Gemfile.lock", text), ("x/a.gemspec", text)]);
            let _ = of(&[("Gemfile", &format!("gem 'a', {text}")), ("Gemfile.lock", &format!("PATH\n  remote: x\n  specs:\n    a (1)\n{text}"))]);
            let _ = of(&[("a.gemspec", &format!("Gem::Specification.new do |s|\n{text}"))]);
        }
    }
}
