//! A program that holds a key: an HSM, a KMS, a smart card.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use plimsoll_model::one_line;

use super::{KeyError, KeyKind, PublicPart, Signer, process};

/// How long a program may take for one answer; long enough to type a PIN and touch a card.
const TIME: Duration = Duration::from_secs(60);

/// A signer that is a program, by the protocol of docs/signing.md.
///
/// `PROGRAM ARGS... public-key` prints a PEM `PUBLIC KEY`; `PROGRAM ARGS... sign` reads the message from standard input
/// and prints the signature in base64. No shell is between; the environment is inherited.
pub struct ExternalSigner {
    program: PathBuf,
    args: Vec<String>,
    time: Duration,
    public: PublicPart,
}

impl ExternalSigner {
    /// Gives the signer once the program has told its public key.
    ///
    /// A name without a slash is looked for in PATH. Refused: a program that cannot be started, fails, answers more
    /// than 64 KiB or nothing within 60 seconds, and a key that does not sign here.
    pub fn new(program: &Path, args: &[String]) -> Result<Self, KeyError> {
        Self::within(program, args, TIME)
    }

    /// As [`ExternalSigner::new`], with `time` for each answer.
    pub fn within(program: &Path, args: &[String], time: Duration) -> Result<Self, KeyError> {
        let answer = ask(program, args, "public-key", None, time)?;
        let public = PublicPart::read(&answer)
            .map_err(|error| signer(program, format!("gave no public key that can be used: {error}")))?;
        Ok(Self { program: program.to_owned(), args: args.to_vec(), time, public })
    }

    fn refuse(&self, reason: impl Into<String>) -> KeyError {
        signer(&self.program, reason)
    }
}

impl Signer for ExternalSigner {
    fn public_key(&self) -> &PublicPart {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let answer = ask(&self.program, &self.args, "sign", Some(message.to_vec()), self.time)?;
        let compact: Vec<u8> = answer.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if compact.is_empty() {
            return Err(self.refuse("printed nothing to `sign`; it has to print the signature in base64"));
        }
        let signature = STANDARD.decode(compact).map_err(|_| {
            self.refuse("did not answer `sign` with base64; nothing else may be on its standard output")
        })?;
        if self.public.verifies(message, &signature) {
            return Ok(signature);
        }
        let raw = match self.public.kind() {
            KeyKind::Ed25519 => false,
            KeyKind::EcdsaP256 => signature.len() == 64,
            KeyKind::EcdsaP384 => signature.len() == 96,
        };
        Err(self.refuse(if raw {
            "gave two bare numbers; an ECDSA signature has to be DER"
        } else {
            "gave a signature that does not verify with its own public key; it may sign another message or with another \
             key or hash"
        }))
    }
}

impl fmt::Debug for ExternalSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Arguments may hold a PIN.
        formatter
            .debug_struct("ExternalSigner")
            .field("program", &self.program)
            .field("fingerprint", &self.public.fingerprint())
            .finish_non_exhaustive()
    }
}

fn ask(
    program: &Path,
    args: &[String],
    question: &str,
    input: Option<Vec<u8>>,
    time: Duration,
) -> Result<Vec<u8>, KeyError> {
    let mut command = Command::new(program);
    command.args(args).arg(question);
    process::ask(command, input, time).map_err(|reason| signer(program, reason))
}

fn signer(program: &Path, reason: impl Into<String>) -> KeyError {
    KeyError::Signer { program: one_line(&program.display().to_string()), reason: reason.into() }
}
