//! The words that items and entries begin with.

/// First words of the items of this version
pub(crate) const ITEMS: &[&str] = &[
    "policy",
    "reason",
    "enum",
    "record",
    "list",
    "input",
    "define",
    "columns",
    "model",
    "table",
    "rank",
    "grid",
    "rules",
    "decide",
    "always",
    "forbid",
    "accept",
    "output",
    "reasons",
    "example",
    "test",
    "function",
    "use",
    "bands",
    "calibration",
    "cascade",
    "lookup",
    "scorecard",
    "shadow",
    "subpolicy",
];
/// Items that stand without a block, or may
const WITHOUT_BLOCK: &[&str] = &[
    "reason", "list", "always", "forbid", "accept", "function", "use", "lookup",
];
/// Words that begin an entry, and so belong in a block, each with the item that has it
const ENTRIES: &[(&str, &str)] = &[
    ("rule", "rules"),
    ("evaluate", "decide"),
    ("stop", "decide"),
    ("feed", "model"),
    ("give", "model"),
    ("given", "test"),
    ("expect", "test"),
    ("try", "cascade"),
    ("compare", "shadow"),
];

/// Tells whether an item that begins with this word takes a block.
pub(super) fn takes_block(word: &str) -> bool {
    ITEMS.contains(&word) && !WITHOUT_BLOCK.contains(&word)
}

/// Returns the item whose entries begin with this word.
pub(crate) fn item_of_entry(word: &str) -> Option<&'static str> {
    let mut entries = ENTRIES.iter();
    entries
        .find(|(entry, _)| *entry == word)
        .map(|(_, item)| *item)
}
