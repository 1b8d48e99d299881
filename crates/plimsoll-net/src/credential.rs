//! What one registry is told of who asks.

use crate::secret::Secret;

/// What is known for one registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    Anonymous,
    Basic {
        user: String,
        password: Secret,
    },
    /// A refresh token.
    Identity(Secret),
    /// A bearer token, sent as it is.
    Bearer(Secret),
}

/// Docker marks a refresh token with a user of this name.
pub(crate) fn credential(user: &str, secret: &str) -> Credential {
    let secret = Secret::new(secret);
    if user == "<token>" {
        Credential::Identity(secret)
    } else {
        Credential::Basic { user: user.to_owned(), password: secret }
    }
}
