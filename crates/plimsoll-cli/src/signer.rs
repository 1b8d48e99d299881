//! From arguments to whatever signs, and to the file that it is written to.

use std::{
    io::{IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use plimsoll_attest::{ExternalSigner, Signer, SigningKey, Zeroizing};

use crate::{
    args::SigningKeyArgs,
    input,
    output::{Output, write_file},
};

/// Bytes of a key file; one more is enough to be told that it is too large.
const LARGEST_KEY: u64 = 64 * 1024 + 1;
/// Bytes of a passphrase file.
const LARGEST_PASSPHRASE: u64 = 4096;
/// The variable that a passphrase is taken from.
const VARIABLE: &str = "PLIMSOLL_PASSPHRASE";

/// Gives whatever signs: the key in a file, or the program that holds one.
pub fn signer(key: Option<&Path>, holder: &SigningKeyArgs) -> Result<Box<dyn Signer>> {
    if let Some(program) = &holder.signer {
        return Ok(Box::new(ExternalSigner::new(program, &holder.signer_arg)?));
    }
    let Some(path) = key else { bail!("give the key in a file, or a program that holds it with --signer") };
    let passphrase_file = holder.passphrase_file.as_deref();
    let key = SigningKey::read(&read_key(path)?, &mut |form| passphrase(passphrase_file, path, form))
        .with_context(|| path.display().to_string())?;
    Ok(Box::new(key))
}

/// Reads a key file.
pub fn read_key(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    input::open(path)
        .and_then(|file| file.take(LARGEST_KEY).read_to_end(&mut bytes))
        .with_context(|| format!("{}: cannot read", path.display()))?;
    Ok(bytes)
}

/// The passphrase of a key: from a file, from the environment, else asked where there is a terminal.
pub fn passphrase(file: Option<&Path>, of: &Path, form: &str) -> Result<Zeroizing<String>, String> {
    if let Some(given) = given_passphrase(file).map_err(|error| format!("{error:#}"))? {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(format!("give it with {VARIABLE} or --passphrase-file"));
    }
    let question = format!("Passphrase of {} ({form}): ", plimsoll_model::one_line(&of.display().to_string()));
    rpassword::prompt_password(question).map(Zeroizing::new).map_err(|error| error.to_string())
}

/// The passphrase that the file or the environment gives.
pub fn given_passphrase(file: Option<&Path>) -> Result<Option<Zeroizing<String>>> {
    if let Some(path) = file {
        let mut text = Zeroizing::new(String::new());
        input::open(path)
            .and_then(|file| file.take(LARGEST_PASSPHRASE).read_to_string(&mut text))
            .with_context(|| format!("{}: cannot read", path.display()))?;
        let line = text.lines().next().unwrap_or_default();
        if line.is_empty() {
            bail!("{}: its first line is empty, and no passphrase", path.display());
        }
        return Ok(Some(Zeroizing::new(line.to_owned())));
    }
    match std::env::var(VARIABLE) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(anyhow!("{VARIABLE}: {error}")),
    }
}

/// A passphrase for a new key: given, else asked twice; nothing without a terminal.
pub fn new_passphrase(file: Option<&Path>) -> Result<Zeroizing<String>> {
    if let Some(given) = given_passphrase(file)? {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        bail!("give a passphrase with {VARIABLE} or --passphrase-file, or say --no-passphrase");
    }
    let first = Zeroizing::new(rpassword::prompt_password("Passphrase for the new key: ")?);
    let second = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
    if first.is_empty() || first != second {
        bail!("the two passphrases are not the same, or empty; nothing was written");
    }
    Ok(first)
}

/// Writes what was signed: to `out`, to standard output where that is `-`, else to `default`.
pub fn write_signed(bytes: &[u8], out: Option<&Path>, default: PathBuf, output: &Output) -> Result<()> {
    if out == Some(Path::new("-")) {
        return output.print(bytes);
    }
    let path = out.map_or(default, Path::to_owned);
    // Signed again it is another file, and somebody may have kept the first for a reason.
    let replaced = std::fs::read(&path).is_ok_and(|before| before != bytes);
    write_file(&path, bytes)?;
    let how = if replaced { "replaced" } else { "wrote" };
    output.say(&format!("{how} {}", path.display()));
    Ok(())
}

/// A name beside a file: `label.json` and `sigstore.json` give `label.sigstore.json`.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = [".sigstore.json", ".sigstore.jsonl", ".json"].iter().find_map(|tail| name.strip_suffix(tail));
    path.with_file_name(format!("{}.{ending}", stem.filter(|stem| !stem.is_empty()).unwrap_or("label")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beside_another_keeps_its_stem() {
        for (given, expected) in [
            ("label.json", "label.sigstore.json"),
            ("out/app.label.json", "out/app.label.sigstore.json"),
            ("out/label.sigstore.json", "out/label.sigstore.json"),
            ("-", "label.sigstore.json"),
            (".json", "label.sigstore.json"),
        ] {
            assert_eq!(beside(Path::new(given), "sigstore.json"), Path::new(expected), "{given}");
        }
    }
}
