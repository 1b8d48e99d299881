//! The shared real data: optional on a clone alone, demanded in CI.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Gives the folder of the shared data: `PLIMSOLL_CORPUS`, else `../shared/data` beside the workspace.
///
/// `None` when it is not there; with `CI` set that is a failure, so that no test passes by not running.
pub fn corpus() -> Option<PathBuf> {
    let workspace = workspace();
    let folder = match std::env::var_os("PLIMSOLL_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => workspace.parent().unwrap_or(&workspace).join("shared/data"),
    };
    if folder.join("README.md").is_file() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{}: the shared data is not there; set PLIMSOLL_CORPUS to its folder",
        folder.display()
    );
    eprintln!("skipped: the shared data is not there ({}); set PLIMSOLL_CORPUS to run this test", folder.display());
    None
}

/// Unpacks `archive` (a `.tar.zst` under the shared data) once for this machine and gives the folder.
pub fn unpack(archive: &str) -> Option<PathBuf> {
    let source = corpus()?.join(archive);
    let name = archive.replace('/', "-").replace(".tar.zst", "");
    let target = workspace().join("target/corpus");
    let folder = target.join(&name);
    if folder.is_dir() {
        return Some(folder);
    }
    std::fs::create_dir_all(&target).expect("the target folder can be made");
    // Aside first: tests run in parallel, and a run that was broken off must not leave half a folder.
    let aside = tempfile::tempdir_in(&target).expect("a folder aside can be made");
    let mut zstd =
        Command::new("zstd").arg("-dc").arg(&source).stdout(Stdio::piped()).spawn().expect("zstd is installed");
    let piped = zstd.stdout.take().expect("it was asked for");
    let tar =
        Command::new("tar").arg("-x").arg("-C").arg(aside.path()).stdin(piped).status().expect("tar is installed");
    assert!(tar.success() && zstd.wait().expect("zstd ends").success(), "{} cannot be unpacked", source.display());
    match std::fs::rename(aside.path(), &folder) {
        Ok(()) => {}
        // Another test was faster.
        Err(_) if folder.is_dir() => {}
        Err(error) => panic!("{}: {error}", folder.display()),
    }
    Some(folder)
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/NAME in a workspace").to_owned()
}
