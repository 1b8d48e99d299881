//! `plimsoll key`: makes a key pair, shows a key.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use plimsoll_attest::{KeyKind, PublicPart, Signer as _, SigningKey};
use serde_json::json;

use crate::{
    args::{DataFormat, KeyAction, KeyArgs, KeyType},
    exit::Exit,
    output::{Output, write_file},
    signer::{new_passphrase, passphrase, read_key},
};

pub fn run(args: &KeyArgs, output: &Output) -> Result<Exit> {
    match &args.action {
        KeyAction::Generate { kind, out, passphrase_file, no_passphrase } => {
            let passphrase = if *no_passphrase { None } else { Some(new_passphrase(passphrase_file.as_deref())?) };
            generate(*kind, out, passphrase.as_deref().map(String::as_str), output)
        }
        KeyAction::Show { key, passphrase_file, format } => show(key, passphrase_file.as_deref(), *format, output),
    }
}

fn generate(kind: KeyType, name: &Path, passphrase: Option<&str>, output: &Output) -> Result<Exit> {
    let kind = match kind {
        KeyType::Ed25519 => KeyKind::Ed25519,
        KeyType::P256 => KeyKind::EcdsaP256,
        KeyType::P384 => KeyKind::EcdsaP384,
    };
    let with = |ending: &str| {
        let mut path = name.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    let (private, public) = (with(".key"), with(".pub"));
    // What is there is never written over, a link that leads nowhere included.
    for path in [&private, &public] {
        if fs::symlink_metadata(path).is_ok() {
            bail!("{}: there is one already, and a key is never written over; give another --out", path.display());
        }
    }
    let key = SigningKey::generate(kind)?;
    // The private key appears last and whole: a public key that nobody holds is taken away again.
    let aside = secret(&private, key.to_pkcs8_pem(passphrase)?.as_bytes())
        .with_context(|| format!("{}: cannot write", private.display()))?;
    write_file(&public, key.public_key().pem().as_bytes())?;
    if let Err(error) = aside.persist_noclobber(&private) {
        let _ = fs::remove_file(&public);
        return Err(error.error).with_context(|| format!("{}: cannot write", private.display()));
    }
    output.print(format!("{} {}\n", key.kind().as_str(), key.public_key().fingerprint()))?;
    output.say(&format!(
        "wrote {} (keep it secret) and {} (give it to everybody)",
        private.display(),
        public.display()
    ));
    if passphrase.is_none() {
        output.say(&format!("{} is not encrypted: anyone who reads it can sign", private.display()));
    }
    Ok(Exit::Done)
}

/// Writes a file aside that its owner alone may read.
fn secret(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // For its owner alone: that is how temporary files are made.
    let mut file = tempfile::Builder::new().prefix(".plimsoll-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn show(path: &Path, passphrase_file: Option<&Path>, format: DataFormat, output: &Output) -> Result<Exit> {
    let file = read_key(path)?;
    let public = if let Ok(public) = PublicPart::read(&file) {
        public
    } else {
        let key = SigningKey::read(&file, &mut |form| passphrase(passphrase_file, path, form))
            .with_context(|| path.display().to_string())?;
        key.public_key().clone()
    };
    let (kind, fingerprint) = (public.kind().as_str(), public.fingerprint());
    output.print(match format {
        DataFormat::Text => format!("{kind} {fingerprint}\n{}", public.pem()),
        DataFormat::Json => {
            let all = json!({ "kind": kind, "fingerprint": fingerprint, "publicKey": public.pem() });
            serde_json::to_string_pretty(&all)? + "\n"
        }
    })?;
    Ok(Exit::Done)
}
