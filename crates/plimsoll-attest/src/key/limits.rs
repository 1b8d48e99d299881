//! How much work a key file may ask for before it is opened.

/// The most that is done to turn a passphrase into a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Iterations of PBKDF2.
    pub pbkdf2: u32,
    /// Bytes of memory of scrypt, 128 N r.
    pub scrypt_memory: u64,
    /// N r p of scrypt, to which its time is proportional.
    pub scrypt_work: u64,
    /// Rounds of bcrypt.
    pub bcrypt: u32,
}

impl Limits {
    /// Far above what the tools write (PBKDF2 2,048 and passphrase managers 600,000; scrypt N = 2^14 to 2^17 with r = 8;
    /// bcrypt 16 or 24), and a few seconds and 256 MiB at most.
    pub const ORDINARY: Self = Self { pbkdf2: 5_000_000, scrypt_memory: 256 << 20, scrypt_work: 1 << 22, bcrypt: 500 };

    /// Work that takes no time, for the fuzzer.
    #[cfg(fuzzing)]
    pub const SMALL: Self = Self { pbkdf2: 10, scrypt_memory: 128 << 10, scrypt_work: 1 << 10, bcrypt: 1 };
}
