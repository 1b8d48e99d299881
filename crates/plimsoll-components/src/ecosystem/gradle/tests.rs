use crate::{Cause, Inventory, Locked, Options, Origin, test_support};

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

fn gaps(inventory: &Inventory) -> String {
    let all: Vec<String> = inventory.gaps.iter().map(|gap| format!("{:?} {}\n", gap.cause, gap.reason)).collect();
    all.concat()
}

const SCRIPT: &str = "plugins { id 'java' }\ngroup = 'org.acme'\nversion = '1.0'\nrepositories { mavenCentral() }\ndependencies { implementation 'a.b:c:1.0'; testImplementation libs.junit }\n";
const LOCK: &str = "# This is a Gradle generated file\na.b:c:1.0=compileClasspath,runtimeClasspath,testRuntimeClasspath\na.b:d:2.0=runtimeClasspath\njunit:junit:4.13=testCompileClasspath,testRuntimeClasspath\nown:x:1=shadow\ntool:t:1=annotationProcessor\nempty=signatures\n";
const CATALOG: &str = "[versions]\nj = \"4.13\"\n[libraries]\njunit = { module = \"junit:junit\", version.ref = \"j\" }\nother = \"o:o:1\"\n[plugins]\nx = { id = \"org.x\", version = \"1\" }\n";

#[test]
fn a_lockfile_lists_what_is_built_and_nobody_knows_whether_all() {
    let found =
        of(&[("app/build.gradle", SCRIPT), ("app/gradle.lockfile", LOCK), ("app/gradle/libs.versions.toml", CATALOG)]);
    assert_eq!(
        listed(&found),
        ["a.b:c 1.0 shipped", "a.b:d 2.0 unknown", "junit:junit 4.13 dev", "own:x 1 unknown", "tool:t 1 build"],
        "{}",
        gaps(&found)
    );
    let workspace = &found.workspaces[0];
    assert_eq!((found.workspaces.len(), workspace.locked), (1, Locked::NotKnown), "{}", gaps(&found));
    assert!(gaps(&found).contains("build.gradle is a program, which is not run"), "{}", gaps(&found));
    let all = test_support::by_name(&found);
    let one = all["a.b:c"];
    assert_eq!((one.purl.as_str(), one.direct, &one.origin), ("pkg:maven/a.b/c@1.0", true, &Origin::Public("Maven")));
    assert!(one.ships() && all["a.b:d"].ships() && all["own:x"].ships() && !all["a.b:d"].direct);
    assert!(all["junit:junit"].direct && !all["junit:junit"].ships());
    assert_eq!(all["org.acme:app"].purl, "pkg:maven/org.acme/app@1.0?download_url=file:%2F%2F.%2Fapp");
    let archive = crate::ecosystem::of_purl(&one.purl).unwrap().archive(one).unwrap();
    assert_eq!(archive, "https://repo.maven.apache.org/maven2/a/b/c/1.0/c-1.0.jar");
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.missing_checksum), ("gradle.lockfile", 5));
}

#[test]
fn what_is_from_the_public_registry_of_maven_is_compared_with_it() {
    for (script, is_public) in [
        ("repositories { mavenCentral() }", true),
        ("", true),
        ("repositories { maven { url 'https://r.example' } }", false),
        ("repositories { mavenLocal() }", false),
    ] {
        let found = of(&[("build.gradle", script), ("gradle.lockfile", "a.b:c:1.0=runtimeClasspath\n")]);
        let one = test_support::by_name(&found)["a.b:c"];
        assert_eq!(crate::published_in(one), is_public.then_some("Maven"), "{script}");
        assert_eq!(found.ecosystems[0].registry.as_deref(), Some("Maven"));
        assert_eq!(gaps(&found).contains("NotCompared"), !is_public, "{script} {}", gaps(&found));
    }
}

#[test]
fn a_line_that_is_not_understood_is_named() {
    for (line, told) in [
        ("a.b:c=runtimeClasspath", "has not a group, a name and a version"),
        ("a:b:c:d=runtimeClasspath", "has not a group, a name and a version"),
        ("word", "has not a group"),
        (":b:1=x", "names no package"),
        ("a b:c:1=x", "names no package"),
        ("a:b:$v=x", "names no package"),
        ("a:b:[1,2)=x", "names no package"),
        ("a:b:=x", "names no package"),
        ("a:b:1-SNAPSHOT=x", "is not one version"),
        ("<<<<<<< HEAD", "has not a group"),
    ] {
        let found = of(&[("build.gradle", SCRIPT), ("gradle.lockfile", &format!("{LOCK}{line}\n"))]);
        let named = found.gaps.iter().any(|gap| gap.cause == Cause::LockfileEntry && gap.reason.contains(told));
        assert!(named, "{line} {told}: {}", gaps(&found));
        assert_eq!(found.workspaces[0].locked, Locked::No, "{line}");
        assert!(listed(&found).len() >= 5);
    }
    let bytes = test_support::file("gradle.lockfile", vec![0xff]);
    let script = test_support::file("build.gradle", SCRIPT);
    let found = crate::inventory(&[bytes, script], &crate::Survey::default(), &Options::default());
    assert!(gaps(&found).contains("gradle.lockfile: it is not UTF-8"), "{}", gaps(&found));
    for (text, told) in [
        ("[libraries", "no TOML"),
        ("[libraries]\na = \"x\"", "the library a has no version"),
        ("[libraries]\na = {version = \"1\"}", "the library a has no module"),
        ("[libraries]\na = {module = \"x\"}", "the library a names no package"),
        ("[libraries]\na = 7", "the library a has no module"),
        ("[plugins]\na = {}", "the plugin a has no id"),
    ] {
        let found = of(&[("build.gradle", SCRIPT), ("gradle/libs.versions.toml", text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == Cause::Manifest && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
    }
}

/// A list of digests with what stands in its configuration.
fn verification(configuration: &str, components: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><verification-metadata xmlns=\"https://schema.gradle.org/dependency-verification\"><configuration><verify-metadata>true</verify-metadata>{configuration}</configuration><components>{components}</components></verification-metadata>"
    )
}

fn component(version: &str, digest: &str) -> String {
    format!(
        "<component group=\"a.b\" name=\"c\" version=\"{version}\"><artifact name=\"c-{version}.jar\"><sha256 value=\"{digest}\" origin=\"Generated\"><also-trust value=\"{}\"/></sha256><pgp value=\"1\"/></artifact><artifact name=\"c-{version}.pom\"><sha256 value=\"{}\"/></artifact></component>",
        "cd".repeat(32),
        "ef".repeat(32)
    )
}

#[test]
fn a_list_of_digests_gives_them_and_stands_in_where_nothing_is_locked() {
    let digest = "ab".repeat(32);
    let list = verification("", &component("1.0", &digest));
    let files = [
        ("settings.gradle", "include 'app'"),
        ("app/build.gradle", SCRIPT),
        ("gradle/verification-metadata.xml", &list),
    ];
    let found = of(&[files[0], files[1], files[2], ("app/gradle.lockfile", LOCK)]);
    let hashes: Vec<String> = test_support::by_name(&found)["a.b:c"].hashes.iter().map(ToString::to_string).collect();
    assert_eq!(hashes, [format!("sha256:{digest}"), format!("sha256:{}", "cd".repeat(32))]);
    assert_eq!(found.lockfiles.len(), 1, "{:?}", found.lockfiles);
    let found = of(&files);
    assert_eq!(listed(&found), ["a.b:c 1.0 shipped"], "{}", gaps(&found));
    let workspace = &found.workspaces[0];
    assert_eq!((found.workspaces.len(), workspace.members, workspace.locked), (1, 2, Locked::NotKnown));
    let of_component = component("1.0", &digest);
    for (text, cause, told) in [
        (verification("", &component("1.0", "ab")), Cause::LockfileEntry, "a.b:c:1.0 has a digest that is none"),
        (verification("", &component("$v", &digest)), Cause::LockfileEntry, "is no package"),
        (verification("", &of_component.replace("\"a.b\"", "\"\"")), Cause::LockfileEntry, ":c:1.0 is no package"),
        (verification("", "<component/>"), Cause::LockfileEntry, "is no package"),
        (
            verification("<trusted-artifacts><trust group=\"x\"/></trusted-artifacts>", &of_component),
            Cause::NotListed,
            "it trusts archives that it does not list",
        ),
        ("<other/>".to_owned(), Cause::Lockfile, "no list of digests"),
        ("<verification-metadata>".to_owned(), Cause::Lockfile, "not XML"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><verification-metadata/>".to_owned(), Cause::Lockfile, "document type"),
        (
            format!("<verification-metadata>{}{}</verification-metadata>", "<a>".repeat(40), "</a>".repeat(40)),
            Cause::Lockfile,
            "deeper",
        ),
    ] {
        let found = of(&[files[0], files[1], ("gradle/verification-metadata.xml", &text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
        assert_ne!(found.workspaces[0].locked, Locked::Yes);
    }
    // One that is broken is told where a lockfile is, too.
    let found = of(&[files[0], files[1], ("gradle/verification-metadata.xml", "<a"), ("app/gradle.lockfile", LOCK)]);
    assert!(found.gaps.iter().any(|gap| gap.cause == Cause::Lockfile), "{}", gaps(&found));
}

#[test]
fn a_build_is_one_and_what_builds_it_ships_nothing() {
    let found = of(&[
        ("settings.gradle.kts", "rootProject.name = \"acme\""),
        ("build.gradle.kts", "plugins { java }"),
        ("lib/build.gradle.kts", "dependencies { implementation(\"a.b:c:1.0\") }"),
        ("gradle/extra.gradle", "x"),
        ("buildscript-gradle.lockfile", "p:p:1=classpath\n"),
        ("buildSrc/build.gradle", "x"),
        ("buildSrc/gradle.lockfile", "q:q:1=runtimeClasspath\n"),
    ]);
    assert_eq!(listed(&found), ["p:p 1 build", "q:q 1 build"], "{}", gaps(&found));
    assert_eq!(
        test_support::by_name(&found)["p:p"].origin,
        Origin::Registry("https://plugins.gradle.org/m2".to_owned())
    );
    assert_eq!(found.workspaces.len(), 2, "{:?}", found.workspaces);
    // Those of before Gradle 7.
    let found = of(&[
        ("app/build.gradle", SCRIPT),
        ("app/gradle/dependency-locks/runtimeClasspath.lockfile", "a.b:c:1.0\n"),
        ("app/gradle/dependency-locks/testRuntimeClasspath.lockfile", "j:j:1\n"),
        ("app/gradle/dependency-locks/buildscript-classpath.lockfile", "p:p:1\n"),
    ]);
    assert_eq!(listed(&found), ["a.b:c 1.0 shipped", "j:j 1 dev", "p:p 1 build"], "{}", gaps(&found));
    assert_eq!(found.workspaces[0].manifest, "app/build.gradle");
}

#[test]
fn without_a_lockfile_nothing_is_known() {
    let found = of(&[("build.gradle", SCRIPT)]);
    assert_eq!((listed(&found).len(), found.workspaces[0].locked), (0, Locked::No));
    assert!(gaps(&found).contains("build.gradle has no lockfile next to it"), "{}", gaps(&found));
    let found = of(&[("build.gradle", "x")]);
    assert_eq!(found.workspaces[0].dependencies, crate::Dependencies::NotKnown);
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
    assert!(gaps(&found).contains("build.gradle is a program, which is not run"), "{}", gaps(&found));
    let found = of(&[("gradle/libs.versions.toml", CATALOG)]);
    assert!(gaps(&found).contains("libs.versions.toml has no lockfile"), "{}", gaps(&found));
}

#[test]
fn another_repository_may_have_each_package() {
    let origin = |script: &str, module: &str| {
        let lock = format!("{module}:1.0=runtimeClasspath\n");
        let found = of(&[("settings.gradle", script), ("app/build.gradle", SCRIPT), ("app/gradle.lockfile", &lock)]);
        test_support::by_name(&found)[module].origin.clone()
    };
    let other = |url: &str| Origin::Registry(url.to_owned());
    assert_eq!(origin("", "a:b"), Origin::Public("Maven"));
    let script = "dependencyResolutionManagement { repositories { google(); mavenCentral() } }";
    assert_eq!(origin(script, "androidx.core:core"), other("https://maven.google.com"));
    assert_eq!(origin(script, "com.google.guava:guava"), Origin::Public("Maven"));
    let script = "dependencyResolutionManagement { repositories { maven { url = uri(\"https://r.example/m2\") } } }";
    assert_eq!(origin(script, "a:b"), other("https://r.example/m2"));
    assert_eq!(origin("repositories { maven { url = x } }", "a:b"), other("unknown"));
    assert_eq!(
        origin("pluginManagement { repositories { maven { url 'https://r.example' } } }", "a:b"),
        Origin::Public("Maven")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", lock in "([a-c.]{0,3}:|=|,|#|\n|empty|1){0,30}", xml in "(<(components|component|artifact|sha256|trust|configuration) ?|(group|name|version|value)='(a|1|a-1.jar)' |/?>|</(components|component|artifact)>){0,20}") {
        for text in [&text, &lock, &xml] {
            let _ = of(&[("build.gradle", text), ("gradle.lockfile", text), ("gradle/verification-metadata.xml", text), ("gradle/libs.versions.toml", text), ("gradle/dependency-locks/x.lockfile", text)]);
            let _ = of(&[("settings.gradle", text), ("gradle/verification-metadata.xml", &verification("", text))]);
        }
    }
}
