//! Text armor around a key: exactly one key, and nothing beside it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::KeyError;

/// No key file comes near: the largest that is read, an encrypted P-384 key, has less than 1 KiB.
pub(super) const MAX_FILE: usize = 64 << 10;

/// An armored part: what its BEGIN line names and the bytes it encodes.
pub(super) struct Block {
    pub label: String,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What a key file holds: the part that is a key, and the curve's name that openssl(1) writes before an EC key.
pub(super) struct Armored {
    pub key: Block,
    pub parameters: Option<Block>,
}

const ARMOR: &str = "armor";
const ALONE: &str = "leave the lines of one key alone in the file, from BEGIN to END";

/// Gives the one armored part of `file`.
///
/// Lines may be of any length and end in white space. Refused: more than [`MAX_FILE`] bytes, text outside of the armor,
/// a second part, headers inside, a part that does not end, base64 that is not canonical. `EC PARAMETERS` before
/// `EC PRIVATE KEY` is the one pair that is taken, as `openssl ecparam -genkey` writes it.
///
/// Source: RFC 7468 section 3.
pub(super) fn read(file: &[u8]) -> Result<Armored, KeyError> {
    if file.len() > MAX_FILE {
        return Err(KeyError::TooLarge { limit: MAX_FILE >> 10 });
    }
    let Ok(text) = std::str::from_utf8(file) else { return Err(without_armor(file)) };
    let (mut blocks, outside) = blocks(text.trim_start_matches('\u{feff}'))?;
    if blocks.is_empty() {
        return Err(without_armor(file));
    }
    let labels = blocks.iter().map(|block| block.label.as_str()).collect::<Vec<_>>().join(", ");
    let (key, before) = (blocks.pop(), blocks.pop());
    match (key, before, blocks.is_empty()) {
        _ if outside => Err(KeyError::unfit("there is text outside of the armor", ALONE)),
        (Some(key), None, true) => Ok(Armored { key, parameters: None }),
        (Some(key), Some(before), true) if key.label == "EC PRIVATE KEY" && before.label == "EC PARAMETERS" => {
            Ok(Armored { key, parameters: Some(before) })
        }
        _ => Err(KeyError::unfit(format!("the file holds more than one armored part ({labels})"), ALONE)),
    }
}

/// Gives the armored parts in their order, and whether there is anything else.
fn blocks(text: &str) -> Result<(Vec<Block>, bool), KeyError> {
    let mut found = Vec::new();
    let mut outside = false;
    let mut open: Option<(String, Zeroizing<String>)> = None;
    for line in text.lines().map(str::trim_end) {
        let Some((label, body)) = &mut open else {
            match line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
                // With room for all, no copy of a part of the key is left behind by growing.
                Some(label) => open = Some((label_of(label)?, Zeroizing::new(String::with_capacity(text.len())))),
                None => outside |= !line.is_empty(),
            }
            continue;
        };
        let ending = line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"));
        if ending == Some(label.as_str()) {
            let bytes = decode(body)?;
            if bytes.is_empty() {
                return Err(KeyError::damaged(ARMOR, format!("there is nothing between BEGIN and END {label}")));
            }
            found.push(Block { label: std::mem::take(label), bytes });
            open = None;
        } else if line.starts_with("-----") {
            return Err(KeyError::damaged(ARMOR, format!("{label} is not followed by its END line")));
        } else if line.contains(':') {
            return Err(KeyError::unfit(
                format!("the {label} has header lines, as keys encrypted in the manner of old OpenSSL have"),
                "write it again with `openssl pkcs8 -topk8 -in KEY -out NEW`",
            ));
        } else {
            body.push_str(line);
        }
    }
    match open {
        Some((label, _)) => Err(KeyError::damaged(ARMOR, format!("{label} has no END line"))),
        None => Ok((found, outside)),
    }
}

/// Gives a label that is fit to be shown.
fn label_of(label: &str) -> Result<String, KeyError> {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    if label.is_empty() || label.len() > 40 || !label.bytes().all(plain) {
        return Err(KeyError::damaged(ARMOR, "the BEGIN line names nothing that is known"));
    }
    Ok(label.to_owned())
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut bytes = Zeroizing::new(vec![0; body.len()]);
    match STANDARD.decode_slice(body, &mut bytes) {
        Ok(length) => {
            bytes.truncate(length);
            Ok(bytes)
        }
        // The error of the library shows a character of the secret.
        Err(_) => Err(KeyError::damaged(ARMOR, "what is between BEGIN and END is not base64")),
    }
}

/// Says what a file without armor is, as far as its first bytes tell.
fn without_armor(file: &[u8]) -> KeyError {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| file.starts_with(prefix.as_bytes()));
    if starts(&["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]) {
        KeyError::unfit(
            "this is a public key of OpenSSH",
            "the private key is the file without .pub in its name, and a public key has to be PEM (PUBLIC KEY)",
        )
    } else if starts(&["PuTTY-User-Key-File"]) {
        KeyError::unfit("this is a key of PuTTY", "export it with `puttygen KEY -O private-openssh-new -o NEW`")
    } else if starts(&["0"]) && std::str::from_utf8(file).is_err() {
        KeyError::unfit(
            "this is binary, perhaps a key in DER",
            "write it as PEM with `openssl pkey -inform DER -in KEY`",
        )
    } else {
        KeyError::unfit("there is no key in it", "give a file with a line `-----BEGIN ... KEY-----`")
    }
}

/// Gives `der` as PEM: lines of 64 characters, each with its end (RFC 7468 section 2).
pub(super) fn write(label: &str, der: &[u8]) -> Zeroizing<String> {
    let encoded_length = der.len().div_ceil(3) * 4;
    let mut encoded = Zeroizing::new(String::with_capacity(encoded_length));
    STANDARD.encode_string(der, &mut encoded);
    let room = encoded_length + encoded_length / 64 + 2 * label.len() + 64;
    let mut text = Zeroizing::new(String::with_capacity(room));
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII: each byte begins a character.
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}
