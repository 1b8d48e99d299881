//! `plimsoll trust confirm`: one entry of a policy counts from now on.

use std::fs;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::{
    args::ConfirmArgs,
    exit::Exit,
    input,
    output::{Output, write_file},
};

pub fn run(args: &ConfirmArgs, output: &Output) -> Result<Exit> {
    let shown = args.policy.display();
    let found = fs::symlink_metadata(&args.policy).with_context(|| format!("{shown}: cannot read"))?;
    if !found.is_file() {
        bail!("{shown}: not a regular file; name the policy itself");
    }
    let bytes = input::read(&args.policy).with_context(|| format!("{shown}: cannot read"))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{shown}: not UTF-8"))?;
    let confirmed = plimsoll_trust::confirm(&text, &args.fingerprint).map_err(|reason| anyhow!("{shown}: {reason}"))?;
    write_file(&args.policy, confirmed.text.as_bytes())?;
    output.say(&match confirmed.left {
        0 => format!("confirmed the {} entry; the policy can be used: --trust {shown}", confirmed.table),
        left => format!(
            "confirmed the {} entry; {} left: confirm or remove {}",
            confirmed.table,
            plimsoll_model::plural(left, "entry is", "entries are"),
            if left == 1 { "it" } else { "them" }
        ),
    });
    Ok(Exit::Done)
}
