//! mix.lock, mix.exs, rebar.lock, rebar.config, manifest.toml and gleam.toml.
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
    let config = given("rebar.config", "{deps, [a, {b, \"1.0.0\"}, {c, {git, \"https://e.example/c\", {ref, \"0\"}}}]}.");
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ = of(&[file("mix.exs"), file("mix.lock"), file("rebar.config"), file("rebar.lock")]);
    let _ = of(&[file("gleam.toml"), file("manifest.toml")]);
    let gleam = given("gleam.toml", "name = \"a\"\n[dependencies]\nb = \"1\"\nc = { path = \"x\" }\n");
    let _ = of(&[gleam, file("manifest.toml")]);
    let _ = of(&[config, file("rebar.lock"), given("mix.exs", "[app: :a]"), file("mix.lock")]);
});
