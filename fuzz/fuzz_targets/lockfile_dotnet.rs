//! packages.lock.json, project.assets.json, packages.config, projects and what they take in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{Options, SourceFile, Survey, inventory};

fuzz_target!(|bytes: &[u8]| {
    let file = |path: &str| SourceFile {
        path: path.to_owned(),
        blob: "0".repeat(40),
        bytes: bytes.to_vec(),
        class: "shipped".to_owned(),
    };
    let given = |path: &str, text: &str| SourceFile { bytes: text.into(), ..file(path) };
    let project = given("App.csproj", "<Project><ItemGroup><PackageReference Include='a' Version='1'/></ItemGroup></Project>");
    let configurations = [("nuget.config".to_owned(), Ok(bytes.to_vec()))].into();
    let options = Options { configurations, ..Options::default() };
    let own = [file("App.csproj"), file("packages.config"), file("Directory.Build.props"), file("x.nuspec")];
    let _ = inventory(&own, &Survey::default(), &options);
    let locks = [project, file("packages.lock.json"), file("obj/project.assets.json")];
    let _ = inventory(&locks, &Survey::default(), &options);
});
