//! How much is tried, and where it begins.

/// The number that a variable of the environment says, or the usual one.
pub(crate) fn number(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => default,
    }
}
