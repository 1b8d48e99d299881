//! What names and versions of gems look like.

/// Could a gem have this name?
///
/// Source: `RubyGems`, `Gem::Specification::VALID_NAME_PATTERN`.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 256
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Is it a version of a gem, without a platform?
///
/// Source: `RubyGems`, `Gem::Version::VERSION_PATTERN`.
pub(super) fn is_version(version: &str) -> bool {
    version.len() <= 256
        && version.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && version.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
