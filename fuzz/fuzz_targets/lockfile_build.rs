//! Workflows, actions, Dockerfiles, Compose files and `.gitmodules`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{Gitlink, Options, SourceFile, Survey, inventory};

fuzz_target!(|bytes: &[u8]| {
    let file = |path: &str| SourceFile {
        path: path.to_owned(),
        blob: "0".repeat(40),
        bytes: bytes.to_vec(),
        class: "shipped".to_owned(),
    };
    let paths = [".github/workflows/ci.yml", "action.yml", "Dockerfile", "compose.yml", ".gitmodules"];
    let files: Vec<SourceFile> = paths.map(file).into();
    let link = Gitlink { path: "a".to_owned(), commit: "0".repeat(40), class: "shipped".to_owned() };
    let options = Options { gitlinks: Some(vec![link]), ..Options::default() };
    let _ = inventory(&files, &Survey::default(), &options);
});
