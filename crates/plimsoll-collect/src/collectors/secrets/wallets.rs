//! Keys of wallets and of networks without a server: each carries a checksum, but for the plain digits of Ethereum.

use plimsoll_model::sha256;

use super::formats::{Span, is_near};

/// The letters of base 58, in the order of their values.
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The letters of bech32.
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Letters of the longest bech32 text that is read.
const LONGEST: usize = 1000;

fn is_base58(byte: u8) -> bool {
    BASE58.contains(&byte)
}

/// The bytes of base 58 whose last four are the double SHA-256 of the others, without these.
///
/// Source: Bitcoin Wiki, "`Base58Check` encoding".
fn base58_checked(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    for letter in text {
        let mut carry = BASE58.iter().position(|one| one == letter)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(text.iter().take_while(|letter| **letter == b'1').map(|_| 0));
    bytes.reverse();
    let sum = bytes.split_off(bytes.len().checked_sub(4)?);
    let digest = sha256(&sha256(&bytes));
    (digest.get(..4)? == sum).then_some(bytes)
}

/// A private key in the wallet import format of the main network.
///
/// Source: Bitcoin Wiki, "Wallet import format": version 0x80, 32 bytes, and 1 where the public key is compressed.
pub(super) fn import_format(text: &[u8]) -> Option<usize> {
    let length = text.iter().take(53).take_while(|byte| is_base58(**byte)).count();
    if !matches!(length, 51 | 52) {
        return None;
    }
    let key = base58_checked(text.get(..length)?)?;
    let whole = key.len() == 33 || key.len() == 34 && key.last() == Some(&1);
    (whole && key.first() == Some(&0x80)).then_some(length)
}

/// An extended private key: 78 bytes, of which the last 33 are 0 and the key.
///
/// Source: BIP-32, "Serialization format"; SLIP-132 (other versions).
pub(super) fn extended(text: &[u8]) -> Option<usize> {
    let key = base58_checked(text.get(..111)?)?;
    (key.len() == 78 && key.get(45) == Some(&0)).then_some(111)
}

/// A secret seed of Stellar: version 0x90, 32 bytes, and CRC-16/XMODEM of these, its lowest byte first, in base 32.
///
/// Source: SEP-23, "Strkeys".
pub(super) fn stellar(text: &[u8]) -> Option<usize> {
    let seed = text.get(..56)?;
    if text.get(56).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(35), 0_u32, 0);
    for letter in seed {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        held = held << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    let (key, sum) = bytes.split_at_checked(33)?;
    (key.first() == Some(&0x90) && crc16(key).to_le_bytes() == sum).then_some(56)
}

/// CRC-16/XMODEM.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum: u16, byte| {
        (0..8).fold(
            sum ^ (u16::from(*byte) << 8),
            |sum, _| if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 },
        )
    })
}

/// The remainder of BIP-173 over the word before the `1` and the values behind it: 1 where the last six are its checksum.
pub(super) fn remainder(word: &[u8], values: &[u8]) -> u32 {
    let expanded = word.iter().map(|byte| byte >> 5).chain([0]).chain(word.iter().map(|byte| byte & 31));
    expanded.chain(values.iter().copied()).fold(1_u32, |check, value| {
        let top = check >> 25;
        let mixed = ((check & 0x01ff_ffff) << 5) ^ u32::from(value);
        [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
            .iter()
            .enumerate()
            .fold(mixed, |mixed, (bit, generator)| if (top >> bit) & 1 == 1 { mixed ^ generator } else { mixed })
    })
}

/// How many letters of bech32 come at `skip`, where the last six are the checksum of them behind `word`. Letters of either case.
fn bech32(text: &[u8], word: &[u8], skip: usize, least: usize, most: usize) -> Option<usize> {
    let body = text.get(skip..)?;
    let value = |byte: &u8| BECH32.iter().position(|letter| *letter == byte.to_ascii_lowercase());
    let mut values: Vec<u8> = Vec::new();
    for byte in body.iter().take(most + 1) {
        let Some(value) = value(byte) else { break };
        values.push(u8::try_from(value).ok()?);
    }
    let whole =
        (least..=most).contains(&values.len()) && !body.get(values.len()).is_some_and(u8::is_ascii_alphanumeric);
    (whole && remainder(word, &values) == 1).then_some(values.len())
}

/// `nsec1` and 58 letters.
///
/// Source: NIP-19, "bech32-encoded entities".
pub(super) fn nostr(text: &[u8]) -> Option<usize> {
    bech32(text, b"nsec", 5, 58, 58).map(|length| 5 + length)
}

/// `AGE-SECRET-KEY-1` and 58 letters.
///
/// Source: age-encryption.org/v1.
pub(super) fn age_secret(text: &[u8]) -> Option<usize> {
    bech32(text, b"age-secret-key-", 16, 58, 58).map(|length| 16 + length)
}

/// `AGE-PLUGIN-`, the name of the plugin, `-1` and letters.
///
/// Source: C2SP, "age plugin protocol", identities.
pub(super) fn age_plugin(text: &[u8]) -> Option<usize> {
    let head = text.get(..text.len().min(80))?;
    let name =
        head.iter().skip(11).take_while(|byte| byte.is_ascii_uppercase() || matches!(byte, b'0'..=b'9' | b'-')).count();
    let word_end = head.get(..11 + name)?.windows(2).rposition(|pair| pair == b"-1")?;
    let word = head.get(..=word_end)?.to_ascii_lowercase();
    let skip = word_end + 2;
    bech32(text, &word, skip, 6, LONGEST).map(|length| skip + length)
}

/// The first digits of the keys with which the usual test networks begin: everybody has them.
const OF_TEST_NETWORKS: &[&[u8]] = &[
    b"ac0974be",
    b"59c6995e",
    b"5de4111a",
    b"7c852118",
    b"47e179ec",
    b"8b3a350c",
    b"92db14e4",
    b"4bbbf85c",
    b"dbda1821",
    b"2a871d07",
];

/// 64 hexadecimal digits that a name calls a private key, with `0x` before them or words of wallets around: nothing in them proves it.
pub(super) fn ethereum(text: &[u8], name_at: usize, name: usize) -> Option<Span> {
    let from = name_at + name;
    let rest = text.get(from..text.len().min(from + 110))?;
    let between = rest
        .iter()
        .take(24)
        .take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'`' | b'\\' | b'=' | b':' | b'(' | b',' | b'['))
        .count();
    let has_sign = rest.get(..between)?.iter().any(|byte| matches!(byte, b' ' | b'=' | b':' | b'(' | b','));
    let prefix = if rest.get(between..between + 2) == Some(b"0x") { 2 } else { 0 };
    let digits = rest.get(between + prefix..between + prefix + 64)?;
    let goes_on = rest.get(between + prefix + 64).is_some_and(u8::is_ascii_alphanumeric);
    let is_number = digits.iter().all(u8::is_ascii_hexdigit)
        && digits.iter().any(u8::is_ascii_digit)
        && digits.iter().any(u8::is_ascii_alphabetic);
    let of_all = OF_TEST_NETWORKS.iter().any(|start| digits.to_ascii_lowercase().starts_with(start));
    let words = [
        "ethereum", "wallet", "deployer", "hardhat", "web3", "foundry", "ethers", "infura", "alchemy", "chainid",
        "rpc_url",
    ];
    let start = from + between;
    (has_sign && is_number && !goes_on && !of_all && (prefix > 0 || is_near(text, name_at, 2000, &words)))
        .then_some(Span { start, end: start + prefix + 64 })
}

#[cfg(test)]
pub(super) mod made {
    //! The same the other way round, for samples.

    use super::{BASE58, BECH32, crc16, remainder, sha256};

    pub(in super::super) fn base58(payload: &[u8]) -> String {
        let bytes = [payload, &sha256(&sha256(payload))[..4]].concat();
        let mut digits: Vec<usize> = Vec::new();
        for byte in &bytes {
            let mut carry = usize::from(*byte);
            for digit in &mut digits {
                carry += *digit << 8;
                *digit = carry % 58;
                carry /= 58;
            }
            while carry > 0 {
                digits.push(carry % 58);
                carry /= 58;
            }
        }
        digits.extend(bytes.iter().take_while(|byte| **byte == 0).map(|_| 0));
        digits.iter().rev().map(|digit| char::from(BASE58[*digit])).collect()
    }

    pub(in super::super) fn bech32(word: &str, bytes: &[u8]) -> String {
        let (mut values, mut held, mut bits) = (Vec::new(), 0_u32, 0);
        for byte in bytes {
            held = held << 8 | u32::from(*byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                values.push((held >> bits & 31) as u8);
            }
        }
        if bits > 0 {
            values.push((held << (5 - bits) & 31) as u8);
        }
        let sum = remainder(word.as_bytes(), &[&values[..], &[0; 6]].concat()) ^ 1;
        values.extend((0..6).map(|at| (sum >> (5 * (5 - at)) & 31) as u8));
        let letters: String = values.iter().map(|value| char::from(BECH32[usize::from(*value)])).collect();
        format!("{word}1{letters}")
    }

    pub(in super::super) fn stellar(key: &[u8]) -> String {
        let payload = [&[0x90], key].concat();
        let bytes = [&payload[..], &crc16(&payload).to_le_bytes()].concat();
        let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        let letter = |five: &[u8]| five.iter().fold(0_u8, |value, bit| value << 1 | bit);
        bits.chunks(5).map(|five| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(letter(five))])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};

    #[test]
    fn published_vectors_are_read() {
        // BIP-173 and SEP-23 print these; the key of all zeros and the name behind it are nobody's.
        assert_eq!(crc16(b"123456789"), 0x31c3);
        let values: Vec<u8> =
            b"2uel5l".iter().map(|byte| BECH32.iter().position(|one| one == byte).unwrap() as u8).collect();
        assert_eq!(remainder(b"a", &values), 1);
        let zero = made::base58(&[&[0x80][..], &[0; 31], &[1]].concat());
        assert_eq!(zero, ["5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4n", "EB3kEsreAnchuDf"].concat());
        assert_eq!(import_format(zero.as_bytes()), Some(51));
    }

    #[test]
    fn keys_of_ethereum_need_their_name_and_more() {
        let digits = "9f1c0b7d3e5a8f2246d0c3b1a79e8d549f1c0b7d3e5a8f2246d0c3b1a79e8d54";
        let kinds = |text: &str| scan(text.as_bytes()).iter().map(|hit| hit.kind).collect::<Vec<_>>();
        for text in [
            format!("PRIVATE_KEY=0x{digits}\n"),
            format!("DEPLOYER_PRIVATE_KEY = \"{digits}\"\nRPC_URL=x"),
            format!("privateKey: '0x{digits}'"),
            format!("new Wallet({{private_key: \"0x{digits}\"}})"),
            format!("cast send --private-key 0x{digits}"),
        ] {
            assert_eq!(kinds(&text), ["ethereum-private-key"], "{text}");
        }
        for text in [
            format!("PRIVATE_KEY={digits}\n"),
            format!("TX_HASH=0x{digits}\n"),
            format!("PRIVATE_KEY=0x{digits}00\n"),
            format!("PRIVATE_KEY=0x{}\n", &digits[1..]),
            format!("PRIVATE_KEY=0x{}\n", "0".repeat(64)),
            format!("PRIVATE_KEY=0xac0974be{}\n", &digits[8..]),
            format!("PRIVATE_KEY {{ 0x{digits} }}\n"),
        ] {
            assert!(kinds(&text).is_empty(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[a-zA-Z0-9-]{0,130}") {
            for bytes in [&bytes[..], text.as_bytes()] {
                let _ = (import_format(bytes), extended(bytes), stellar(bytes), nostr(bytes), ethereum(bytes, 0, 1));
                let _ = age_plugin(&[b"AGE-PLUGIN-", bytes].concat());
            }
        }
    }
}
