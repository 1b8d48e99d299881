//! The classes of paths, ordered by how near they are to what a user gets.

/// The class of a path that belongs to what is shipped.
pub(crate) const SHIPPED: &str = "shipped";

/// The class of a copy of somebody else's source.
pub(crate) const VENDORED: &str = "vendored";

/// Nearest to the user first. Code copied into the tree comes second: it may be built in.
const ORDER: [&str; 5] = [SHIPPED, VENDORED, "example", "test", "fixture"];

/// 0 for `shipped`, more the further it is from the user. A word that is not known counts as shipped.
pub(crate) fn rank(class: &str) -> usize {
    ORDER.iter().position(|word| *word == class).unwrap_or_default()
}

/// The word of a rank.
pub(crate) fn word(rank: usize) -> &'static str {
    ORDER.get(rank).copied().unwrap_or(SHIPPED)
}

/// The one of two classes that is nearer to the user.
pub(crate) fn best<'a>(left: &'a str, right: &'a str) -> &'a str {
    if rank(right) < rank(left) { right } else { left }
}

/// Could a user get something of this class?
pub(crate) fn may_ship(class: &str) -> bool {
    rank(class) <= 1
}
