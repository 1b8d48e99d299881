use super::*;

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
        read_anything(&bytes);
        read_anything(text.as_bytes());
        read_anything(&[b"SSHKRL\n\0", bytes.as_slice()].concat());
        let armor = STANDARD.encode([MAGIC, &bytes].concat());
        read_anything(format!("{BEGIN}\n{armor}\n{END}\n").as_bytes());
    }
}
