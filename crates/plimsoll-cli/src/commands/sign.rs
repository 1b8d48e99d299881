//! `plimsoll sign`, `plimsoll revoke`: statements in a bundle, by a key.

use anyhow::{Context as _, Result, bail};

use crate::{
    args::{RevokeArgs, SignArgs},
    exit::Exit,
    input,
    output::{Output, read_input},
    signer::{beside, signer, write_signed},
};

pub fn sign(args: &SignArgs, output: &Output) -> Result<Exit> {
    let named = || args.label.display().to_string();
    let bytes = read_input(&args.label)?;
    let bundle = if plimsoll::is_report(&bytes) {
        if args.assessor.is_some() {
            bail!("{}: --assessor is of an outside view, and this is a report: its issuer is in its text", named());
        }
        let signer = signer(args.signing.key.as_deref(), &args.signing.holder)?;
        plimsoll::sign_report(&bytes, signer.as_ref())
    } else {
        // What is no label is reported before anybody is asked for a passphrase.
        plimsoll::read_label(&bytes).with_context(named)?;
        let signer = signer(args.signing.key.as_deref(), &args.signing.holder)?;
        plimsoll::sign_label(&bytes, args.assessor.as_deref(), signer.as_ref())
    };
    let bundle = bundle.with_context(named)?;
    write_signed(&bundle, args.out.as_deref(), beside(&args.label, "sigstore.json"), output)?;
    Ok(Exit::Done)
}

pub fn revoke(args: &RevokeArgs, output: &Output) -> Result<Exit> {
    if args.reason.trim().is_empty() {
        bail!("--reason is what is signed: it may not be empty");
    }
    let bundle = read_input(&args.bundle)?;
    let replaced_by = args
        .replaced_by
        .as_deref()
        .map(|path| plimsoll::label_digest(&read_input(path)?).with_context(|| path.display().to_string()));
    let replaced_by = replaced_by.transpose()?;
    let signer = signer(args.signing.key.as_deref(), &args.signing.holder)?;
    let revocation =
        plimsoll::revoke(&bundle, args.reason.trim(), replaced_by, input::as_of(args.as_of), signer.as_ref())
            .with_context(|| args.bundle.display().to_string())?;
    if !plimsoll::is_signed_by(&bundle, signer.public_key()) {
        output.say(&format!(
            "this key did not sign {}: the revocation counts for those alone whose trust policy has both keys as one party's",
            args.bundle.display()
        ));
    }
    write_signed(&revocation, args.out.as_deref(), beside(&args.bundle, "revocation.json"), output)?;
    Ok(Exit::Done)
}
