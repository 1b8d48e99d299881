mod without_lockfile;

use std::collections::BTreeSet;

use crate::{Cause, Inventory, Locked, Options, Origin, Source, test_support};

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

fn hash(letter: char) -> String {
    format!("{}==", letter.to_string().repeat(86).replace('B', "Q"))
}

const PROJECT: &str = r#"<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework><Version>1.2.3</Version></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Serilog" Version="3.0.1" />
    <PackageReference Include="Tool" Version="[2.0.0]"><PrivateAssets>all</PrivateAssets><IncludeAssets>build; analyzers</IncludeAssets></PackageReference>
  </ItemGroup>
</Project>"#;

/// A lockfile for it.
fn lock() -> String {
    format!(
        r#"{{"version": 1, "dependencies": {{"net8.0": {{
          "Serilog": {{"type": "Direct", "requested": "[3.0.1, )", "resolved": "3.0.1", "contentHash": "{0}", "dependencies": {{"Sink": "1.0.0"}}}},
          "Tool": {{"type": "Direct", "requested": "[2.0.0, 2.0.0]", "resolved": "2.0.0", "contentHash": "{0}"}},
          "Sink": {{"type": "Transitive", "resolved": "1.0.0", "contentHash": "{0}"}}}}}}}}"#,
        hash('A')
    )
}

/// What is listed, whether it is locked, and what is told of it, for a project with a lockfile.
fn check(project: &str, lock: &str, locked: Locked, told: &str) {
    let found = of(&[("src/App.csproj", project), ("src/packages.lock.json", lock)]);
    let workspace = &found.workspaces[0];
    assert_eq!(workspace.locked, locked, "{project} {:?} {}", workspace.difference, gaps(&found));
    assert!(gaps(&found).contains(told), "{told}: {}", gaps(&found));
}

#[test]
fn a_lockfile_says_what_is_built() {
    let found = of(&[("src/App.csproj", PROJECT), ("src/packages.lock.json", &lock())]);
    assert_eq!(listed(&found), ["Serilog 3.0.1 shipped", "Sink 1.0.0 shipped", "Tool 2.0.0 build"], "{}", gaps(&found));
    let workspace = &found.workspaces[0];
    assert_eq!((workspace.locked, workspace.manifest.as_str()), (Locked::Yes, "src/App.csproj"), "{}", gaps(&found));
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{}", gaps(&found));
    let all = test_support::by_name(&found);
    let serilog = all["Serilog"];
    assert_eq!((serilog.purl.as_str(), serilog.direct), ("pkg:nuget/Serilog@3.0.1", true));
    assert_eq!((serilog.source, &serilog.origin), (Source::Registry, &Origin::Public("NuGet")));
    assert_eq!(serilog.depends_on, ["pkg:nuget/Sink@1.0.0"]);
    assert_eq!(serilog.hashes[0].to_string(), format!("nuget-content:{}", "00".repeat(64)));
    assert!(!all["Sink"].direct);
    let app = all["App"];
    assert_eq!(app.purl, "pkg:nuget/App@1.2.3?download_url=file:%2F%2F.%2Fsrc");
    assert_eq!(app.depends_on, ["pkg:nuget/Serilog@3.0.1", "pkg:nuget/Tool@2.0.0"]);
    let archive = crate::ecosystem::of_purl(&serilog.purl).unwrap().archive(serilog).unwrap();
    assert_eq!(archive, "https://api.nuget.org/v3-flatcontainer/serilog/3.0.1/serilog.3.0.1.nupkg");
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("packages.lock.json", "1"));
    assert_eq!((lockfile.registry_packages, lockfile.missing_checksum), (3, 0));
    assert!(found.limitations.iter().any(|one| one.contains("runtime of .NET")));
}

#[test]
fn what_nuget_would_not_take_for_valid_is_not_locked() {
    check(PROJECT, &lock(), Locked::Yes, "");
    for (from, to, locked, told) in [
        ("\"3.0.1\"", "\"3.0.2\"", Locked::No, "it was not written for Serilog 3.0.2"),
        ("\"3.0.1\"", "\"3.*\"", Locked::No, "it was not written for Serilog 3.*"),
        ("\"3.0.1\"", "\"$(Unknown)\"", Locked::NotKnown, "Serilog $(Unknown) is not computed"),
        ("Version=\"3.0.1\"", "", Locked::NotKnown, "Serilog is not computed"),
        ("\"Serilog\"", "\"serilog\"", Locked::Yes, ""),
        ("\"Serilog\"", "\"Other\"", Locked::No, "does not hold Other 3.0.1"),
        ("\"Serilog\"", "\"Sink\"", Locked::No, "does not hold Sink"),
        ("\"Serilog\"", "\"$(Name)\"", Locked::NotKnown, "it asks for $(Name), which is not computed"),
        ("\"Serilog\"", "\"Seri log\"", Locked::NotKnown, "Seri log, which is no id"),
        ("<ItemGroup>", "<ItemGroup Condition=\"'$(X)' == '1'\">", Locked::Yes, ""),
        ("net8.0", "net9.0", Locked::No, "it was written for net8.0"),
        ("<TargetFramework>net8.0", "<TargetFrameworks>net8.0;net48", Locked::No, "it was written for net8.0"),
        ("<TargetFramework>net8.0</TargetFramework>", "", Locked::NotKnown, "is not computed"),
        ("net8.0", "$(F)", Locked::NotKnown, "is not computed"),
        ("Microsoft.NET.Sdk", "Acme.Sdk/1.0", Locked::NotKnown, "SDK Acme.Sdk/1.0"),
        ("<ItemGroup>", "<Import Project=\"x.props\"/><ItemGroup>", Locked::NotKnown, "takes in x.props"),
        ("<ItemGroup>", "<Import Project=\"$(X)x.props\"/><ItemGroup>", Locked::NotKnown, "takes in $(X)x.props"),
        ("<ItemGroup>", "<Import Project=\"x.props\" Condition=\"Exists('x.props')\"/><ItemGroup>", Locked::Yes, ""),
        ("<ItemGroup>", "<Import Project=\"../../../x.props\"/><ItemGroup>", Locked::NotKnown, "takes in"),
        ("<ItemGroup>", "<Import Project=\"$(MSBuildExtensionsPath)\\x.props\"/><ItemGroup>", Locked::Yes, ""),
        (
            "<ItemGroup>",
            "<Import Project=\"..\\.paket\\Paket.Restore.targets\"/><ItemGroup>",
            Locked::NotKnown,
            "Paket",
        ),
        (
            "<ItemGroup>",
            "<Target Name=\"x\"><ItemGroup><PackageReference Include=\"Y\"/></ItemGroup></Target><ItemGroup>",
            Locked::NotKnown,
            "while it is built",
        ),
        (
            "<ItemGroup>",
            "<ItemGroup><ProjectReference Include=\"..\\lib\\Lib.csproj\"/>",
            Locked::No,
            "does not list the project Lib",
        ),
        ("<ItemGroup>", "<ItemGroup><ProjectReference Include=\"..\\..\\Lib.csproj\"/>", Locked::No, "Lib"),
        (
            "<ItemGroup>",
            "<ItemGroup><ProjectReference Include=\"..\\**\\*.csproj\"/>",
            Locked::NotKnown,
            "not looked for",
        ),
        (
            "<ItemGroup>",
            "<ItemGroup><PackageReference Include=\"N\" Version=\"1\" Condition=\"'$(X)'\"/>",
            Locked::NotKnown,
            "N 1, which is asked for under a condition",
        ),
        (
            "<ItemGroup>",
            "<ItemGroup><PackageReference Include=\"N\" Version=\"1\"/><PackageReference Remove=\"n\"/>",
            Locked::Yes,
            "",
        ),
    ] {
        let project = PROJECT.replace(from, to).replace("net48</TargetFramework>", "net48</TargetFrameworks>");
        check(&project, &lock(), locked, told);
    }
    for (from, to, locked, told) in [
        ("\"requested\": \"[3.0.1, )\", ", "", Locked::NotKnown, "is not computed"),
        (
            "\"Sink\": {\"type\": \"Transitive\"",
            "\"Sink\": {\"type\": \"Direct\"",
            Locked::NotKnown,
            "written for sink, for which no file",
        ),
        ("\"net8.0\"", "\".NETCoreApp,Version=v8.0\"", Locked::Yes, ""),
        ("\"net8.0\"", "\"net8.0/win-x64\"", Locked::Yes, ""),
    ] {
        check(PROJECT, &lock().replace(from, to), locked, told);
    }
}

#[test]
fn an_entry_that_is_not_understood_is_named_and_none_vanishes_in_silence() {
    let lock = lock();
    for (from, to, cause, told) in [
        ("\"Transitive\"", "\"Other\"", Cause::LockfileEntry, "Sink is of an unknown kind: Other"),
        ("\"Transitive\"", "7", Cause::LockfileEntry, "Sink is of an unknown kind: none"),
        ("\"resolved\": \"1.0.0\"", "\"resolved\": \"1 0\"", Cause::LockfileEntry, "Sink has no valid version: 1 0"),
        ("\"resolved\": \"1.0.0\", ", "", Cause::LockfileEntry, "Sink has no valid version"),
        ("\"resolved\": \"1.0.0\"", "\"resolved\": \"[1.0.0, )\"", Cause::LockfileEntry, "Sink has no valid version"),
        ("\"Sink\": {\"type\"", "\"Si nk\": {\"type\"", Cause::LockfileEntry, "Si nk is no id"),
        (
            "{\"Sink\": \"1.0.0\"}",
            "{\"Gone\": \"1.0.0\"}",
            Cause::LockfileEntry,
            "Serilog asks for Gone, which it does not hold",
        ),
        ("{\"Sink\": \"1.0.0\"}", "[\"Sink\"]", Cause::LockfileEntry, "dependencies that are no list"),
        (&hash('A'), "AAAA", Cause::LockfileEntry, "a content hash that is none"),
        ("\"Transitive\"", "\"Project\"", Cause::LockfileEntry, "the project Sink, which is not in the tree"),
        (
            "\"version\": 1",
            "\"version\": 4",
            Cause::FutureLockfile,
            "of version 4; this version of plimsoll reads 1 and 2",
        ),
        ("\"version\": 1", "\"version\": \"x\"", Cause::FutureLockfile, "version"),
        ("\"version\": 1, ", "", Cause::Lockfile, "it has no version"),
        ("\"dependencies\": {\"net8.0\"", "\"others\": {\"net8.0\"", Cause::Lockfile, "it has no dependencies"),
        ("{\"net8.0\": {", "{\"net9.0\": 1, \"net8.0\": {", Cause::Lockfile, "no packages for a framework"),
        ("}}}", "}}", Cause::Lockfile, "EOF"),
    ] {
        let found = of(&[("App.csproj", PROJECT), ("packages.lock.json", &lock.replace(from, to))]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
    for (name, text, told) in [
        ("a/App.csproj", "", "not XML"),
        ("a/App.csproj", "<Project", "not XML"),
        ("a/App.csproj", "<!DOCTYPE x [<!ENTITY y 'z'>]><Project/>", "document type declaration"),
        ("a/App.csproj", "<Other/>", "no project of MSBuild"),
        ("a/Directory.Packages.props", "<a>", "not XML"),
        ("a/x.nuspec", "<package/>", "no metadata"),
        ("a/x.nuspec", "<package><metadata><id></metadata></package>", "not XML"),
    ] {
        let found = of(&[(name, text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == Cause::Manifest && gap.reason.contains(told));
        assert!(named, "{name} {told}: {}", gaps(&found));
    }
    let deep = format!("<Project>{}{}</Project>", "<Choose>".repeat(100), "</Choose>".repeat(100));
    assert!(gaps(&of(&[("App.csproj", &deep)])).contains("elements deeper than 64"));
    // What is taken in and not read leaves it open.
    let project = PROJECT.replace("<ItemGroup>", "<Import Project=\"x.props\"/><ItemGroup>");
    let found = of(&[("App.csproj", &project), ("x.props", "<a"), ("packages.lock.json", &lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown, "{}", gaps(&found));
    assert!(gaps(&found).contains("x.props, which it takes in, was not read"), "{}", gaps(&found));
}

#[test]
fn what_every_project_takes_in_is_taken_in() {
    let project = r#"<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>$(Own)</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="Serilog"/><PackageReference Include="Tool" Version="$(ToolVersion)"/></ItemGroup></Project>"#;
    let props = r#"<Project><PropertyGroup><Own>net8.0</Own><ToolVersion Condition="'$(ToolVersion)' == ''">[2.0.0]</ToolVersion></PropertyGroup></Project>"#;
    let central = r#"<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup><ItemGroup><PackageVersion Include="serilog" Version="3.0.1"/><PackageVersion Include="Unused" Version="9.0.0"/></ItemGroup></Project>"#;
    let lock = lock();
    let files = [
        ("src/app/App.csproj", project),
        ("src/app/packages.lock.json", &lock),
        ("Directory.Build.props", props),
        ("Directory.Packages.props", central),
    ];
    let found = of(&files);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {}", found.workspaces[0].difference, gaps(&found));
    // Without a lockfile, the versions that are asked for are the ones that are taken.
    let found = of(&[files[0], files[2], files[3]]);
    assert_eq!(listed(&found), ["Serilog 3.0.1 shipped", "Tool 2.0.0 shipped"], "{}", gaps(&found));
    assert_eq!(found.workspaces[0].locked, Locked::No);
    assert!(
        gaps(&found).contains("src/app/App.csproj has no lockfile next to it: 2 direct dependencies can be listed"),
        "{}",
        gaps(&found)
    );
    assert!(found.components.iter().all(|one| one.lockfile.is_none()));
    // The nearest alone counts, unless it takes in the next.
    let near = "<Project><PropertyGroup><Own>net8.0</Own></PropertyGroup></Project>";
    let found = of(&[files[0], files[2], files[3], ("src/Directory.Build.props", near)]);
    assert_eq!(listed(&found), ["Serilog 3.0.1 shipped"], "{}", gaps(&found));
    assert!(gaps(&found).contains("nor which versions of 1 more"), "{}", gaps(&found));
    for next in [
        "$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))",
        "../Directory.Build.props",
        "$(MSBuildThisFileDirectory)..\\Directory.Build.props",
        "$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory).., Directory.Build.props))\\Directory.Build.props",
    ] {
        let near = format!("<Project><Import Project=\"{next}\"/></Project>");
        let found = of(&[files[0], files[2], files[3], ("src/Directory.Build.props", &near)]);
        assert_eq!(listed(&found), ["Serilog 3.0.1 shipped", "Tool 2.0.0 shipped"], "{next} {}", gaps(&found));
    }
    // A property with two values has none that is known.
    let two =
        props.replace("</ToolVersion>", "</ToolVersion><ToolVersion Condition=\"'$(X)' == '1'\">3.0.0</ToolVersion>");
    let found = of(&[files[0], ("Directory.Build.props", &two), files[3]]);
    assert_eq!(listed(&found), ["Serilog 3.0.1 shipped"], "{}", gaps(&found));
    // A package that every project takes, and another version than the central one.
    let more =
        central.replace("</ItemGroup>", "<GlobalPackageReference Include=\"All\" Version=\"1.0.0\"/></ItemGroup>");
    let own = project.replace("\"Serilog\"", "\"Serilog\" VersionOverride=\"3.1.0\"");
    let found = of(&[("App.csproj", &own), files[2], ("Directory.Packages.props", &more)]);
    assert_eq!(
        listed(&found),
        ["All 1.0.0 shipped", "Serilog 3.1.0 shipped", "Tool 2.0.0 shipped"],
        "{}",
        gaps(&found)
    );
}

#[test]
fn versions_that_are_no_one_version_are_not_listed() {
    for (version, expected) in [
        ("1.0.0", Some("1.0.0")),
        ("[1.0.0,2.0.0)", Some("1.0.0")),
        ("1.*", None),
        ("(1.0.0,)", None),
        ("", None),
        ("latest", None),
        ("1.0.0\n x", None),
    ] {
        let project = format!(
            "<Project><ItemGroup><PackageReference Include=\"X\" Version=\"{version}\"/></ItemGroup></Project>"
        );
        let found = of(&[("App.csproj", &project)]);
        let expected: Vec<String> = expected.map(|version| format!("X {version} shipped")).into_iter().collect();
        assert_eq!(listed(&found), expected, "{version}");
        assert!(gaps(&found).contains("has no lockfile next to it"), "{}", gaps(&found));
        assert_eq!(found.workspaces[0].dependencies, crate::Dependencies::Some, "{version}");
    }
    // Nothing is asked for.
    let found = of(&[("App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"/>")]);
    assert_eq!(found.workspaces[0].dependencies, crate::Dependencies::None);
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{}", gaps(&found));
}

#[test]
fn projects_of_the_tree_are_the_products_own() {
    let app = PROJECT.replace("<ItemGroup>", "<ItemGroup><ProjectReference Include=\"..\\lib\\Lib.csproj\" />");
    let lib = r#"<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework><PackageId>Acme.Lib</PackageId></PropertyGroup><ItemGroup><PackageReference Include="Sink" Version="1.0.0"/><PackageReference Include="Dev" Version="1.0.0" PrivateAssets="all"/></ItemGroup></Project>"#;
    let project = r#""Sink": {"type": "Transitive"#;
    let with = lock().replace(
        project,
        &format!(r#""Acme.Lib": {{"type": "Project", "dependencies": {{"Sink": "[1.0.0, )"}}}}, {project}"#),
    );
    let files = [("app/App.csproj", app.as_str()), ("app/packages.lock.json", with.as_str()), ("lib/Lib.csproj", lib)];
    let found = of(&files);
    let app = found.workspaces.iter().find(|one| one.manifest.starts_with("app")).unwrap();
    assert_eq!(app.locked, Locked::Yes, "{:?} {}", app.difference, gaps(&found));
    let own = found.components.iter().find(|one| one.name == "Acme.Lib" && one.lockfile.is_some()).unwrap();
    assert!(own.own && !own.member);
    assert_eq!(own.depends_on, ["pkg:nuget/Sink@1.0.0"]);
    // What it asks for now it did not ask for then.
    let more = lib.replace(
        "<PackageReference Include=\"Sink\"",
        "<PackageReference Include=\"New\" Version=\"1.0.0\"/><PackageReference Include=\"Sink\"",
    );
    let found = of(&[files[0], files[1], ("lib/Lib.csproj", &more)]);
    assert!(gaps(&found).contains("Acme.Lib asks for New 1.0.0, and it lists nothing of that"), "{}", gaps(&found));
    // A project that is not there.
    let found = of(&files[..2]);
    assert_ne!(found.workspaces[0].locked, Locked::Yes);
    assert!(gaps(&found).contains("Acme.Lib, which is not in the tree"), "{}", gaps(&found));
}

#[test]
fn each_framework_and_runtime_has_its_own_packages() {
    let project = PROJECT
        .replace("<TargetFramework>net8.0</TargetFramework>", "<TargetFrameworks>net8.0;net48</TargetFrameworks>");
    let entry = |version: &str, more: &str| format!(r#"{{"type": "Transitive", "resolved": "{version}"{more}}}"#);
    let needs = r#", "dependencies": {"B": "1.0.0"}"#;
    let direct = r#""Serilog": {"type": "Direct", "requested": "[3.0.1, )", "resolved": "3.0.1", "dependencies": {"A": "1.0.0"}}, "Tool": {"type": "Direct", "requested": "[2.0.0]", "resolved": "2.0.0"}"#;
    let lock = format!(
        r#"{{"version": 2, "dependencies": {{".NETFramework,Version=v4.8": {{{direct}, "A": {}, "B": {}}}, "net8.0": {{{direct}, "A": {}, "B": {}}}, "net8.0/win-x64": {{"A": {}}}}}}}"#,
        entry("1.0.0", needs),
        entry("1.0.0", ""),
        entry("2.0.0", needs),
        entry("2.0.0", ""),
        entry("2.0.1", needs),
    );
    let found = of(&[("App.csproj", &project), ("packages.lock.json", &lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {}", found.workspaces[0].difference, gaps(&found));
    let needs: BTreeSet<(&str, &[String])> = found
        .components
        .iter()
        .filter(|one| one.name == "A")
        .map(|one| (one.version.as_str(), one.depends_on.as_slice()))
        .collect();
    let purl = |version: &str| vec![format!("pkg:nuget/B@{version}")];
    let expected = [("1.0.0", purl("1.0.0")), ("2.0.0", purl("2.0.0")), ("2.0.1", purl("2.0.0"))];
    assert_eq!(needs, expected.iter().map(|(version, all)| (*version, all.as_slice())).collect());
    assert_eq!(found.lockfiles[0].missing_checksum, 7);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", xml in "(<(Project|PackageReference|ItemGroup|Import|packages|package) ?|(Include|Version|Project|id|version)='(a|1|\\$\\(a\\)|\\.\\./|)' |/?>|</(Project|ItemGroup)>){0,20}", json in "([{}\\[\\],:]|\"(version|dependencies|type|resolved|Direct|Project|targets|libraries|a/1|a)\"|1){0,40}") {
        let inner = text.replace(['"', '\\'], "");
        for text in [&text, &xml, &json] {
            let _ = of(&[("App.csproj", text), ("packages.lock.json", text), ("obj/project.assets.json", text), ("packages.config", text), ("x.nuspec", text), ("nuget.config", text), ("Directory.Packages.props", text)]);
            let _ = of(&[("App.csproj", &format!("<Project>{text}</Project>")), ("packages.lock.json", &format!("{{\"version\":1,\"dependencies\":{text}}}"))]);
        }
        let entry = format!("{{\"version\":1,\"dependencies\":{{\"{inner}\":{{\"{inner}\":{{\"type\":\"Direct\",\"resolved\":\"{inner}\"}}}}}}}}");
        let _ = of(&[("App.csproj", PROJECT), ("packages.lock.json", &entry)]);
    }
}
