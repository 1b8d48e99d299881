//! pyproject.toml, setup.cfg, setup.py, Pipfile, requirements files, and the lockfiles of Python.
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
    let project = given(
        "pyproject.toml",
        "[project]\nname = \"a\"\ndependencies = [\"b>=1\"]\n[dependency-groups]\nt = [\"c\"]\n",
    );
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ =
        of(&[file("pyproject.toml"), file("setup.cfg"), file("setup.py"), file("Pipfile"), file("x/pyproject.toml")]);
    let _ = of(&[project.clone(), file("uv.lock"), file("poetry.lock"), file("pdm.lock"), file("pylock.toml")]);
    let _ = of(&[given("Pipfile", "[packages]\na = \"*\"\n"), file("Pipfile.lock")]);
    let including = given("requirements.in", "-r requirements.txt\n-c constraints.txt\nb\n");
    let _ = of(&[project, including, file("requirements.txt"), file("constraints.txt")]);
});
