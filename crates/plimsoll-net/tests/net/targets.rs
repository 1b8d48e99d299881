//! What the text of a target means.

use std::fs;

use plimsoll_net::Target;

use crate::common::run;

#[test]
fn a_target_is_what_it_says_and_ambiguous_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for path in ["ghcr.io/team", "dist", "v1.0"] {
        fs::create_dir_all(here.join(path)).unwrap();
    }
    for path in ["app.tar.gz", "dist/app", "ghcr.io/team/app", "v1.0/app"] {
        fs::write(here.join(path), path).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("dist", here.join("link")).unwrap();
    let place = here.display().to_string();
    let check = |text: &str, word: &str| {
        let (succeeded, said) = run(&["target", text], &[("PLIMSOLL_NET_IN", &place)]);
        assert!(succeeded && said.contains(word), "{text}: {word}: {said}");
    };
    check("dist", "Ok(Release(\"dist\"))");
    check("./ghcr.io", "Ok(Release(\"./ghcr.io\"))");
    check("app.tar.gz", "Ok(File(\"app.tar.gz\"))");
    check("dist/app", "Ok(File(\"dist/app\"))");
    check("./ghcr.io/team/app", "Ok(File(");
    check("ghcr.io/team/other", "write ./ghcr.io/team/other or oci://ghcr.io/team/other");
    check("ghcr.io/team/app", "write ./ghcr.io/team/app or oci://ghcr.io/team/app");
    check("v1.0/app", "may be a file here or an image");
    check("oci://ghcr.io/team/app", "Ok(Image(");
    check("ghcr.io/elsewhere/app:1", "Ok(Image(");
    check("localhost:5000/app", "Ok(Image(");
    check("dist/missing", "there is no such file");
    check("./missing", "there is no such file");
    check("missing", "there is no such file; an image is named with its registry, as in docker.io/library/missing");
    check("..\\missing", "there is no such file");
    check("", "there is no such file");
    check("https://ghcr.io/team/app", "oci://");
    check("oci://missing", "an image is named with its registry");
    #[cfg(unix)]
    check("link", "symbolic link");
    #[cfg(unix)]
    check("/dev/null", "neither a file nor a folder");
}

#[test]
fn what_acts_on_a_terminal_is_not_repeated() {
    let error = Target::read("a\u{1b}[31m\u{202e}b").unwrap_err().to_string();
    assert!(!error.contains('\u{1b}') && !error.contains('\u{202e}'), "{error}");
}
