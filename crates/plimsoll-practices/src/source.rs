//! A file as text, with lines for what stands in it.

use toml::Spanned;

use crate::PracticeError;

/// Bytes of one file.
pub(crate) const LARGEST: usize = 4 * 1024 * 1024;

/// One file of practices.
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    pub(crate) fn error(&self, at: usize, message: impl Into<String>) -> PracticeError {
        PracticeError { file: self.file.to_owned(), line: self.line_of(at), message: message.into() }
    }

    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, PracticeError> {
        toml::from_str(self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.error(at, error.message().replace('\n', " "))
        })
    }
}

/// Where a spanned value begins.
pub(crate) fn at<T>(value: &Spanned<T>) -> usize {
    value.span().start
}
