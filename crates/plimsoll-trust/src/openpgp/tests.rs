use super::*;

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        read_anything(&bytes);
        let armor = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bytes);
        read_anything(format!("-----BEGIN PGP SIGNATURE-----\n\n{armor}\n-----END PGP SIGNATURE-----\n").as_bytes());
        read_anything(format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{armor}\n-----END PGP PUBLIC KEY BLOCK-----\n").as_bytes());
    }
}
