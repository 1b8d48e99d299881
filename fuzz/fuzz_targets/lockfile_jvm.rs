//! pom.xml, gradle.lockfile, verification-metadata.xml, libs.versions.toml and build scripts.
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
    let child = "<project><parent><groupId>a</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>b</artifactId></project>";
    let _ = inventory(&[file("pom.xml"), given("b/pom.xml", child)], &Survey::default(), &Options::default());
    let own = [file("settings.gradle"), file("gradle/libs.versions.toml"), file("gradle/verification-metadata.xml")];
    let _ = inventory(&own, &Survey::default(), &Options::default());
    let locks = [given("build.gradle", "libs.a"), file("gradle.lockfile"), file("gradle/dependency-locks/a.lockfile")];
    let _ = inventory(&locks, &Survey::default(), &Options::default());
});
