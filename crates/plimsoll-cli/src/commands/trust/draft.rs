//! `plimsoll trust draft`: a policy in which nothing counts yet, from the keys that signed.
//!
//! Material comes from anywhere, the repository above all; trust comes from the reader alone. So every entry pins one key and is not
//! confirmed, and a policy with such an entry is refused.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use plimsoll_collect::{Examination, Inputs, Target};
use plimsoll_trust::TrustPolicy;

use super::draft_text::{Draft, draft};
use crate::{args::DraftArgs, exit::Exit, input, output::Output};

pub fn run(args: &DraftArgs, output: &Output) -> Result<Exit> {
    refuse_what_is_there(&args.out)?;
    let mut policy = TrustPolicy::new();
    args.keys.iter().try_for_each(|path| policy.trust_keyring(path))?;
    for gap in policy.gaps() {
        output.say(gap);
    }
    policy.report_forges();
    let target = Target { rev: args.rev.clone(), ..Target::at(&args.target) };
    let mut inputs = Inputs::new(plimsoll::tool(), input::as_of(args.as_of)).only(&["signatures"])?;
    inputs.policy = policy;
    let progress = output.progress();
    let tell = |what: &str| progress.tell(what);
    let examination = Examination::open(&target, &inputs, &tell)?;
    let signers = examination.signers(&inputs).map_err(anyhow::Error::msg)?;
    drop(progress);
    for gap in &signers.gaps {
        output.say(gap);
    }
    let draft = draft(&signers, &inputs.policy);
    write(&args.out, &draft)?;
    let shown = args.out.display();
    output.say(&match draft.entries {
        0 => format!(
            "wrote {shown}/trust.toml without an entry: no key that signed here is available; the file says how to get them"
        ),
        entries => format!(
            "wrote {shown}/trust.toml with {}; none counts until you have compared its fingerprint: plimsoll trust confirm {shown}/trust.toml FINGERPRINT",
            plimsoll_model::plural(entries, "entry", "entries")
        ),
    });
    Ok(Exit::Done)
}

/// A link counts as there, wherever it leads.
fn refuse_what_is_there(out: &Path) -> Result<()> {
    if fs::symlink_metadata(out).is_ok() {
        bail!("{}: it is there already; name a folder that does not exist", out.display());
    }
    Ok(())
}

/// Writes all of it into a folder aside, which then gets its name: whole or not at all.
fn write(out: &Path, draft: &Draft) -> Result<()> {
    let cannot = || format!("{}: cannot write", out.display());
    let above = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let aside = tempfile::Builder::new().prefix(".plimsoll-").tempdir_in(above).with_context(cannot)?;
    let folder = aside.path().join("trust");
    fs::create_dir(&folder).with_context(cannot)?;
    fs::create_dir(folder.join("keys")).with_context(cannot)?;
    for (name, text) in &draft.files {
        fs::write(folder.join(name), text).with_context(cannot)?;
    }
    // Renaming a folder onto a file, a link or a folder that holds something is refused by the system.
    refuse_what_is_there(out)?;
    fs::rename(&folder, out).with_context(cannot)
}
