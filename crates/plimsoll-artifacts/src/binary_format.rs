//! Formats of binaries, by content.

use std::fmt;

use object::FileKind;

/// The format of a binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BinaryFormat {
    /// Executables and libraries of Linux and other Unix systems.
    Elf,
    /// Those of Windows.
    Pe,
    /// Those of Apple's systems, for one architecture or several.
    MachO,
    /// WebAssembly.
    Wasm,
}

impl BinaryFormat {
    /// Gives the format by content; `None` where it is none of them.
    ///
    /// Java's class files begin as universal Mach-O files do; those have few architectures, and no class file has so low a
    /// version.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\0asm") {
            return Some(Self::Wasm);
        }
        Some(match FileKind::parse(bytes).ok()? {
            FileKind::Elf32 | FileKind::Elf64 => Self::Elf,
            FileKind::Pe32 | FileKind::Pe64 => Self::Pe,
            FileKind::MachO32 | FileKind::MachO64 => Self::MachO,
            FileKind::MachOFat32 | FileKind::MachOFat64 => {
                let count = bytes.get(4..).and_then(|rest| rest.first_chunk()).map(|count| u32::from_be_bytes(*count));
                return count.is_some_and(|count| (1..=MOST_ARCHITECTURES).contains(&count)).then_some(Self::MachO);
            }
            _ => return None,
        })
    }

    /// Gives the word for the format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Elf => "ELF",
            Self::Pe => "PE",
            Self::MachO => "Mach-O",
            Self::Wasm => "WebAssembly",
        }
    }
}

/// The first version of Java's class files is 45.
const MOST_ARCHITECTURES: u32 = 44;

impl fmt::Display for BinaryFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
