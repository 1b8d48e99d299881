//! The entry of a transparency log that gitsign keeps in a signature, as protobuf.

/// Most hashes that an inclusion proof has: a tree of 2^63 leaves needs 63.
const MOST_HASHES: usize = 64;

/// `dev.sigstore.rekor.v1.TransparencyLogEntry`; what is absent is zero or empty, as proto3 has it.
///
/// The canonicalized body is not read: gitsign leaves it out, and it is made again from what is signed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LogEntry<'a> {
    pub(super) log_index: u64,
    /// SHA-256 of the log's key.
    pub(super) log_id: &'a [u8],
    pub(super) kind: &'a str,
    pub(super) version: &'a str,
    /// Seconds since 1970.
    pub(super) integrated_time: i64,
    /// The signed entry timestamp.
    pub(super) promise: &'a [u8],
    pub(super) proof: Option<InclusionProof<'a>>,
}

/// `dev.sigstore.rekor.v1.InclusionProof`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct InclusionProof<'a> {
    pub(super) log_index: u64,
    pub(super) root_hash: &'a [u8],
    pub(super) tree_size: u64,
    pub(super) hashes: Vec<&'a [u8]>,
    /// The signed tree head.
    pub(super) checkpoint: &'a str,
}

impl<'a> LogEntry<'a> {
    /// Reads an entry. Unknown fields are passed over; a known field of another type, or twice, is refused.
    ///
    /// Source: sigstore/protobuf-specs, `protos/sigstore_rekor.proto`; the protobuf encoding specification.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let mut entry = Self::default();
        for (number, value) in fields(bytes)? {
            match number {
                1 => entry.log_index = value.number()?,
                2 => entry.log_id = only(value.bytes()?)?,
                3 => {
                    for (number, value) in fields(value.bytes()?)? {
                        match number {
                            1 => entry.kind = value.text()?,
                            2 => entry.version = value.text()?,
                            _ => {}
                        }
                    }
                }
                4 => entry.integrated_time = value.number()?.cast_signed(),
                5 => entry.promise = only(value.bytes()?)?,
                // An empty message is how some writers leave it out.
                6 if value.bytes()?.is_empty() => {}
                6 => entry.proof = Some(InclusionProof::read(value.bytes()?)?),
                _ => {}
            }
        }
        Ok(entry)
    }
}

impl<'a> InclusionProof<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let mut proof = Self::default();
        for (number, value) in fields(bytes)? {
            match number {
                1 => proof.log_index = value.number()?,
                2 => proof.root_hash = value.bytes()?,
                3 => proof.tree_size = value.number()?,
                4 if proof.hashes.len() >= MOST_HASHES => return Err("its inclusion proof has too many hashes".into()),
                4 => proof.hashes.push(value.bytes()?),
                5 => {
                    let checkpoint = only(value.bytes()?)?;
                    proof.checkpoint = std::str::from_utf8(checkpoint).map_err(|_| not_text())?;
                }
                _ => {}
            }
        }
        Ok(proof)
    }
}

/// Field 4 of an inclusion proof, the only one that may be there several times; elsewhere nothing that repeats has
/// this number and this type.
const REPEATED: u64 = 4;

/// The value of a field.
#[derive(Clone, Copy)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Of fixed size; no field here has one.
    Fixed,
}

impl<'a> Value<'a> {
    fn number(self) -> Result<u64, String> {
        if let Self::Number(number) = self { Ok(number) } else { Err("a field of it has another type".into()) }
    }

    fn bytes(self) -> Result<&'a [u8], String> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err("a field of it has another type".into()) }
    }

    fn text(self) -> Result<&'a str, String> {
        std::str::from_utf8(self.bytes()?).map_err(|_| not_text())
    }
}

/// Gives field 1 of a message that is read for it alone; empty where it is absent.
fn only(message: &[u8]) -> Result<&[u8], String> {
    let found = fields(message)?.into_iter().find(|(number, _)| *number == 1);
    found.map_or(Ok(&[]), |(_, value)| value.bytes())
}

/// Takes a message apart into numbers and values.
fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Value<'_>)>, String> {
    let mut found: Vec<(u64, Value<'_>)> = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut bytes)?),
            1 => fixed(&mut bytes, 8)?,
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).map_err(|_| truncated())?;
                Value::Bytes(take(&mut bytes, length)?)
            }
            5 => fixed(&mut bytes, 4)?,
            _ => return Err("it has a field of a type that does not exist".into()),
        };
        let number = key >> 3;
        if number == 0 {
            return Err("it has a field with the number zero".into());
        }
        let repeats = number == REPEATED && matches!(value, Value::Bytes(_));
        if found.len() > 2 * MOST_HASHES || (!repeats && found.iter().any(|(known, _)| *known == number)) {
            return Err("it has a field twice, or too many".into());
        }
        found.push((number, value));
    }
    Ok(found)
}

fn fixed<'a>(bytes: &mut &'a [u8], size: usize) -> Result<Value<'a>, String> {
    take(bytes, size).map(|_| Value::Fixed)
}

fn take<'a>(bytes: &mut &'a [u8], size: usize) -> Result<&'a [u8], String> {
    let (taken, rest) = bytes.split_at_checked(size).ok_or_else(truncated)?;
    *bytes = rest;
    Ok(taken)
}

/// Takes a number of seven bits an octet, least first; ten octets at most.
fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (octet, rest) = bytes.split_first().ok_or_else(truncated)?;
        *bytes = rest;
        let bits = u64::from(octet & 0x7f);
        if shift == 63 && bits > 1 {
            break;
        }
        number |= bits << shift;
        if octet & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("it has a number of more than 64 bits".into())
}

fn truncated() -> String {
    "it ends too early".into()
}

fn not_text() -> String {
    "a text of it is not UTF-8".into()
}
