//! What a statement is attached to, told from its text.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{ImageReference, NetError};

/// What a statement is attached to, or looked for at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An image in a registry.
    Image(ImageReference),
    /// A file; its statements lie beside it.
    File(PathBuf),
    /// A folder of release files.
    Release(PathBuf),
}

impl Target {
    /// Tells from `text` what is meant: an existing folder, an existing file, else an image reference.
    ///
    /// `oci://` before it says that an image is meant; `./`, `../` and `/` say that a file or folder is. Refused, with a
    /// hint: what exists as a file and is an image reference too (a checkout could bring a folder that is named like a
    /// registry), what is neither, symbolic links, other schemes.
    pub fn read(text: &str) -> Result<Self, NetError> {
        if let Some(image) = text.strip_prefix("oci://") {
            return ImageReference::read(image).map(Self::Image);
        }
        if text.contains("://") {
            let hint = "a target is a file, a folder of release files, or an image as registry/name:tag (or oci://…)";
            return Err(NetError::target(text, hint));
        }
        let path = Path::new(text);
        let image = ImageReference::read(text);
        let said_to_be_a_path = is_said_to_be_a_path(text);
        match fs::symlink_metadata(path) {
            Ok(_) if image.is_ok() && !said_to_be_a_path => Err(ambiguous(text)),
            Ok(kind) if kind.is_dir() => Ok(Self::Release(path.to_owned())),
            Ok(kind) if kind.is_file() => Ok(Self::File(path.to_owned())),
            Ok(kind) if kind.is_symlink() => {
                Err(NetError::target(text, "is a symbolic link, which is not followed; name what it points to"))
            }
            Ok(_) => Err(NetError::target(text, "is neither a file nor a folder")),
            Err(_) if said_to_be_a_path || text.is_empty() => Err(NetError::target(text, "there is no such file")),
            Err(_) => {
                let in_a_folder = path.parent().is_some_and(|parent| !parent.as_os_str().is_empty() && parent.is_dir());
                match image {
                    Ok(_) if in_a_folder => Err(ambiguous(text)),
                    Ok(image) => Ok(Self::Image(image)),
                    Err(_) if in_a_folder => Err(NetError::target(text, "there is no such file")),
                    Err(NetError::Target { text, reason }) => {
                        Err(NetError::Target { text, reason: format!("there is no such file; {reason}") })
                    }
                    Err(other) => Err(other),
                }
            }
        }
    }
}

fn is_said_to_be_a_path(text: &str) -> bool {
    Path::new(text).is_absolute()
        || text.contains('\\')
        || matches!(text, "." | "..")
        || ["./", "../", "/"].iter().any(|start| text.starts_with(start))
}

fn ambiguous(text: &str) -> NetError {
    NetError::target(text, format!("may be a file here or an image in a registry; write ./{text} or oci://{text}"))
}
