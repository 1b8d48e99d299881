//! Projects that have no packages.lock.json: what else says what they are made of.

use super::*;

#[test]
fn packages_config_lists_what_is_fetched() {
    let project = r#"<Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><PropertyGroup><TargetFrameworkVersion>v4.8</TargetFrameworkVersion></PropertyGroup></Project>"#;
    let config = "\u{feff}<?xml version=\"1.0\"?><packages><package id=\"A\" version=\"1.0\" targetFramework=\"net48\"/><package id=\"B\" version=\"2.0.0-rc\" developmentDependency=\"true\"/></packages>";
    let found = of(&[("App.csproj", project), ("packages.config", config)]);
    assert_eq!(listed(&found), ["A 1.0 shipped", "B 2.0.0-rc shipped"], "{}", gaps(&found));
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{}", gaps(&found));
    assert_eq!((found.lockfiles[0].format.as_str(), found.lockfiles[0].missing_checksum), ("packages.config", 2));
    // Alone it is one as well.
    assert_eq!(listed(&of(&[("packages.config", config)])).len(), 2);
    // What a project asks for itself is fetched by other means.
    let found = of(&[("App.csproj", PROJECT), ("packages.config", config)]);
    assert_eq!(found.workspaces[0].locked, Locked::No, "{}", gaps(&found));
    for (text, cause, told) in [
        ("<packages><package id='A'/></packages>", Cause::LockfileEntry, "A has no valid version"),
        ("<packages><package version='1'/></packages>", Cause::LockfileEntry, "is no id of a package"),
        ("<packages><package id='A' version='[1,2)'/></packages>", Cause::LockfileEntry, "no valid version: [1,2)"),
        ("<packages><other id='A' version='1'/></packages>", Cause::LockfileEntry, "is other, not a package"),
        ("<configuration/>", Cause::Lockfile, "no list of packages"),
        ("<packages>", Cause::Lockfile, "not XML"),
        ("", Cause::Lockfile, "not XML"),
    ] {
        let found = of(&[("App.csproj", project), ("packages.config", text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
}

#[test]
fn what_a_built_file_is_made_of_is_not_known() {
    let project = |item: &str| format!("<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{item}</ItemGroup></Project>");
    let config = "<packages><package id=\"A\" version=\"1.0\"/></packages>";
    let hint = |path: &str| format!("<Reference Include=\"A\"><HintPath>{path}</HintPath></Reference>");
    for (item, expected) in [
        (hint("lib\\Evil.dll"), true),
        (hint("..\\packages\\A.1.0\\lib\\A.dll"), true),
        (hint("$(Libs)\\A.dll"), true),
        ("<Reference Include=\"A\" hintpath=\"A.dll\"/>".to_owned(), true),
        ("<Reference Include=\"lib/A.dll\"/>".to_owned(), true),
        ("<Reference Include=\"A.DLL\"/>".to_owned(), true),
        ("<Reference Include=\"libs\\*\"/>".to_owned(), true),
        ("<Reference Include=\"System.Xml\"/>".to_owned(), false),
        ("<Reference Include=\"System, Version=4.0.0.0, Culture=neutral\"/>".to_owned(), false),
        ("<Reference Include=\"A\"><HintPath/></Reference>".to_owned(), false),
        ("<Reference Remove=\"lib/A.dll\"/>".to_owned(), false),
        ("<Other Include=\"A.dll\"><HintPath>A.dll</HintPath></Other>".to_owned(), false),
        (String::new(), false),
    ] {
        let text = project(&item);
        let found = of(&[("App.csproj", &text)]);
        let workspace = &found.workspaces[0];
        let told = gaps(&found).contains("it takes the built file");
        assert_eq!((told, workspace.dependencies == crate::Dependencies::NotKnown), (expected, expected), "{item}");
        // One that a file takes in which the project takes in.
        let found = of(&[("App.csproj", &project("")), ("Directory.Build.props", &text)]);
        assert_eq!(gaps(&found).contains("it takes the built file"), expected, "{item}");
        // packages.config says of those in its folder what they are of.
        let found = of(&[("App.csproj", &text), ("packages.config", config)]);
        let open = expected && !item.contains("packages");
        assert_eq!(gaps(&found).contains("it takes the built file"), open, "{item} {}", gaps(&found));
    }
}

const ASSETS: &str = r#"{"version": 3, "targets": {"net8.0": {
    "Serilog/3.0.1": {"type": "package", "dependencies": {"Sink": "1.0.0"}},
    "Sink/1.0.0": {"type": "package"}, "Tool/2.0.0": {"type": "package"}}},
  "libraries": {"Serilog/3.0.1": {"sha512": "HASH", "type": "package"}, "Sink/1.0.0": {"type": "package"}, "Tool/2.0.0": {"type": "package"}},
  "project": {"restore": {"sources": {"https://api.nuget.org/v3/index.json": {}}},
    "frameworks": {"net8.0": {"dependencies": {"Serilog": {"target": "Package", "version": "[3.0.1, )"}, "Tool": {"version": "[2.0.0]"}}}}}}"#;

#[test]
fn assets_say_what_was_resolved() {
    let assets = ASSETS.replace("HASH", &hash('A'));
    let found = of(&[("src/App.csproj", PROJECT), ("src/obj/project.assets.json", &assets)]);
    assert_eq!(listed(&found), ["Serilog 3.0.1 shipped", "Sink 1.0.0 shipped", "Tool 2.0.0 build"], "{}", gaps(&found));
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {}", found.workspaces[0].difference, gaps(&found));
    assert_eq!(test_support::by_name(&found)["Serilog"].depends_on, ["pkg:nuget/Sink@1.0.0"]);
    let other = assets.replace("https://api.nuget.org/v3/index.json", "https://u:w@e.example/v3");
    let found = of(&[("src/App.csproj", PROJECT), ("src/obj/project.assets.json", &other)]);
    assert_eq!(test_support::by_name(&found)["Serilog"].origin, Origin::Registry("https://e.example/v3".to_owned()));
    for (from, to, cause, told) in [
        ("\"version\": 3", "\"version\": 5", Cause::FutureLockfile, "2 and 3"),
        ("\"Sink/1.0.0\": {\"type\": \"package\"}, \"Tool", "\"Tool", Cause::LockfileEntry, "Sink"),
        (
            "\"Sink/1.0.0\": {\"type\": \"package\"}, \"Tool/2.0.0\": {\"type\": \"package\"}},",
            "\"Tool/2.0.0\": {}},",
            Cause::LockfileEntry,
            "in no library",
        ),
        ("\"targets\"", "\"others\"", Cause::Lockfile, "no targets"),
        ("\"libraries\"", "\"others\"", Cause::Lockfile, "no libraries"),
        (
            "\"Sink/1.0.0\": {\"type\": \"package\"}",
            "\"Sink\": {\"type\": \"package\"}",
            Cause::LockfileEntry,
            "no id with a version",
        ),
        (&hash('A'), "AA", Cause::LockfileEntry, "a digest that is none"),
    ] {
        let found = of(&[("App.csproj", PROJECT), ("obj/project.assets.json", &assets.replacen(from, to, 1))]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {}", gaps(&found));
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
}

#[test]
fn where_a_package_comes_from_is_told() {
    let origin = |files: &[(&str, &str)]| {
        let lock = lock();
        let mut all = vec![("src/App.csproj", PROJECT), ("src/packages.lock.json", lock.as_str())];
        // The first of a path counts.
        all.retain(|(path, _)| !files.iter().any(|(other, _)| other == path));
        all.extend(files);
        let found = of(&all);
        (test_support::by_name(&found)["Serilog"].origin.clone(), gaps(&found))
    };
    let config =
        "<configuration><packageSources><add key='x' value='https://e.example/v3'/></packageSources></configuration>";
    assert_eq!(origin(&[]).0, Origin::Public("NuGet"));
    assert_eq!(origin(&[("NuGet.Config", config)]).0, Origin::Registry("https://e.example/v3".to_owned()));
    assert_eq!(origin(&[("other/nuget.config", config)]).0, Origin::Public("NuGet"));
    let (unknown, told) = origin(&[("nuget.config", "<a")]);
    assert_eq!(unknown, Origin::Registry("unknown".to_owned()));
    assert!(told.contains("nuget.config, which says from where packages of .NET are taken, was not read"), "{told}");
    let own = PROJECT.replace("<Version>", "<RestoreSources>https://e.example/own</RestoreSources><Version>");
    assert_eq!(origin(&[("src/App.csproj", &own)]).0, Origin::Registry("https://e.example/own".to_owned()));
}

#[test]
fn a_specification_speaks_where_no_project_does() {
    let spec = r#"<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>Acme.Native</id><version>$version$</version><license type="expression">MIT</license><dependencies><group targetFramework="net8.0"><dependency id="X" version="[1.0,2.0)"/></group></dependencies></metadata></package>"#;
    let found = of(&[("x.nuspec", spec)]);
    let own = test_support::by_name(&found)["Acme.Native"];
    assert_eq!((own.version.as_str(), own.licence.as_deref()), ("", Some("MIT")));
    assert!(gaps(&found).contains("x.nuspec has no lockfile"), "{}", gaps(&found));
    let lock = lock();
    let found = of(&[("x.nuspec", spec), ("App.csproj", PROJECT), ("packages.lock.json", &lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{}", gaps(&found));
}

#[test]
fn files_that_take_in_each_other_come_to_an_end() {
    let one = "<Project><Import Project=\"b.props\"/><Import Project=\"a.props\"/></Project>";
    let other = "<Project><Import Project=\"a.props\"/><ItemGroup><PackageReference Include=\"X\" Version=\"1.0.0\"/></ItemGroup></Project>";
    let project = "<Project><Import Project=\"a.props\"/><Import Project=\"App.csproj\"/></Project>";
    let found = of(&[("App.csproj", project), ("a.props", one), ("b.props", other)]);
    assert_eq!(listed(&found), ["X 1.0.0 shipped"], "{}", gaps(&found));
    let names: Vec<String> = (0..200).map(|number| format!("p{number}.props")).collect();
    let texts: Vec<String> =
        (1..=200).map(|number| format!("<Project><Import Project=\"p{number}.props\"/></Project>")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    files.push(("App.csproj", "<Project><Import Project=\"p0.props\"/></Project>"));
    assert!(gaps(&of(&files)).contains("it takes in more than 100 files"));
    let many: Vec<String> =
        (0..3000).map(|number| format!("<PackageReference Include=\"P{number}\" Version=\"1.0.0\"/>")).collect();
    let found = of(&[("App.csproj", &format!("<Project><ItemGroup>{}</ItemGroup></Project>", many.concat()))]);
    assert!(found.workspaces[0].dependencies == crate::Dependencies::Some && found.components.len() > 1000);
}
