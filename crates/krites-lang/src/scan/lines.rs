//! Where an entry goes on over the end of its line, and where a new item begins.

use super::lexer::{Lexer, Token, TokenKind};
use super::{Entry, EntryKind};

/// Words that wait for more at the end of a line
const OPEN_ENDED: &[&str] = &[
    "or", "and", "not", "is", "in", "of", "where", "then", "when", "because", "with", "if", "else",
    "to", "below",
];
/// Words that wait for more at the end of a rule's line, where they are no names
const RULE_OPEN_ENDED: &[&str] = &["before", "after", "from", "through"];
/// Words that a rule takes from its next line
const RULE_GOES_ON: &[&str] = &[
    "when",
    "otherwise",
    "and",
    "or",
    "then",
    "with",
    "because",
    "from",
    "through",
    "tag",
    "on",
    "else",
    "before",
    "after",
    "where",
];
/// `rule` as it is misspelt
const MISSPELT: &[&str] = &["Rule", "RULE", "rules", "rul", "ruel", "rulle", "rle"];
/// Words that a `try` takes from its next line
const TRY_GOES_ON: &[&str] = &["when", "and", "or", "then", "else", "where", "on"];
/// Words that any other entry takes from its next line
const ENTRY_GOES_ON: &[&str] = &["and", "or", "then", "else", "where", "because", "with"];

/// Words that `always` takes from its next line as well
const ALWAYS_GOES_ON: &[&str] = &["implies", "enforce"];

/// Words behind an `if` that belongs to the value before it
pub(crate) const BEHIND_IF: &[&str] = &["missing", "zero", "none", "off", "asked"];

/// Returns whether a word that stands alone at a line's end or beginning may join
/// that line to another one.
pub(crate) fn binds_lines(word: &str) -> bool {
    [OPEN_ENDED, RULE_GOES_ON, ENTRY_GOES_ON, ALWAYS_GOES_ON]
        .iter()
        .any(|words| words.contains(&word))
        || word == "over"
}

/// Returns whether a line within a rule that begins with the word is a step of its
/// own.
pub(crate) fn begins_step(word: &str) -> bool {
    matches!(word, "rule" | "evaluate" | "stop")
}

/// Returns what kind of entry a first token begins; `lexer` stands behind it.
pub(super) fn kind_of(lexer: Lexer<'_>, first: Token, top_level: bool) -> EntryKind {
    match (first.kind, lexer.text(first)) {
        (TokenKind::Bar, _) => EntryKind::Row,
        (TokenKind::Word, "reason") if top_level => EntryKind::Reason,
        (TokenKind::Word, "rule") if !begins_entry(lexer, first) => EntryKind::Rule,
        (TokenKind::Word, word) if !top_level && MISSPELT.contains(&word) && names(lexer) => {
            EntryKind::Rule
        }
        (TokenKind::Word, "function") if top_level => EntryKind::Function,
        (TokenKind::Word, "try") if !top_level && goes_with(lexer) => EntryKind::Try,
        (TokenKind::Word, "always") if top_level => EntryKind::Always,
        _ if top_level => EntryKind::Item,
        _ => EntryKind::Other,
    }
}

/// Returns whether the entry goes on with `token`, the first of a line; `lexer`
/// stands behind it.
pub(super) fn goes_on(entry: &Entry, lexer: Lexer<'_>, token: Token) -> bool {
    if token.kind == TokenKind::OpenBlock {
        return true;
    }
    if entry.kind == EntryKind::Row || token.kind == TokenKind::Bar {
        return false;
    }
    // Within braces that open no block a line `name :` or `name =` is no entry
    if entry.brackets.last().is_some_and(|(sign, _)| *sign == b'{') {
        return true;
    }
    if token.kind == TokenKind::CloseBlock {
        return false;
    }
    let after_comma = entry.last.kind == TokenKind::Comma;
    if begins_rule(entry, lexer, token) {
        return false;
    }
    let declares = begins_entry(lexer, token);
    if !entry.brackets.is_empty() {
        // Parameters may begin on a line of their own
        let opens = entry.kind == EntryKind::Function && entry.last.kind == TokenKind::Open;
        return after_comma || opens || !declares;
    }
    let more = || {
        is_open_ended(entry, lexer)
            || is_taken(entry, lexer, token)
            || is_within(entry, lexer, token)
    };
    after_comma || (!declares && more())
}

/// Returns whether a line lies within a rule: it is indented deeper and begins no step.
/// What it says cannot stand there, so it is the rule that is told to be wrong.
fn is_within(entry: &Entry, lexer: Lexer<'_>, token: Token) -> bool {
    let word = lexer.text(token);
    entry.kind == EntryKind::Rule
        && entry.last.start > entry.start
        && !begins_step(word)
        && !MISSPELT.contains(&word)
        && lexer.indent(token.start) > lexer.indent(entry.start)
}

/// Returns whether a word is followed on its line by another one.
fn names(mut lexer: Lexer<'_>) -> bool {
    let next = lexer.next().filter(|next| !next.first_on_line);
    next.is_some_and(|next| matches!(next.kind, TokenKind::Word | TokenKind::Text))
}

/// Returns whether `token` is the `match` of an expression; `first match`, `does not
/// match` and a name before a block are none. `lexer` stands behind it.
pub(super) fn begins_match(entry: &Entry, mut lexer: Lexer<'_>, token: Token) -> bool {
    let (before, last) = (lexer.text(entry.before), lexer.text(entry.last));
    lexer.text(token) == "match"
        && last != "first"
        && (before, last) != ("does", "not")
        && lexer
            .next()
            .is_some_and(|next| next.kind != TokenKind::OpenBlock)
}

fn is_open_ended(entry: &Entry, lexer: Lexer<'_>) -> bool {
    match entry.last.kind {
        TokenKind::Operator | TokenKind::Colon => true,
        TokenKind::Word => {
            let word = lexer.text(entry.last);
            let is_band = word == "below" && names_band(entry, lexer);
            (OPEN_ENDED.contains(&word) && !is_band)
                || (entry.kind == EntryKind::Rule && RULE_OPEN_ENDED.contains(&word))
                || (entry.kind == EntryKind::Always && word == "implies")
        }
        _ => false,
    }
}

/// Returns whether the word before the last one is a label, as in `D below`.
fn names_band(entry: &Entry, lexer: Lexer<'_>) -> bool {
    entry.before.kind == TokenKind::Word
        && entry.before.start < entry.last.start
        && !OPEN_ENDED.contains(&lexer.text(entry.before))
}

fn is_taken(entry: &Entry, mut lexer: Lexer<'_>, token: Token) -> bool {
    match token.kind {
        TokenKind::Operator => lexer.blank_after(token),
        // Another `if` begins a value
        TokenKind::Word if lexer.text(token) == "if" => lexer
            .next()
            .is_some_and(|next| BEHIND_IF.contains(&lexer.text(next))),
        // Alone, `over` is a name as any other
        TokenKind::Word if lexer.text(token) == "over" => lexer
            .next()
            .is_some_and(|next| !next.first_on_line && next.kind == TokenKind::Word),
        TokenKind::Word => {
            let word = lexer.text(token);
            match entry.kind {
                EntryKind::Rule => RULE_GOES_ON.contains(&word),
                EntryKind::Try => TRY_GOES_ON.contains(&word),
                EntryKind::Reason => word == "customer",
                EntryKind::Function | EntryKind::Other => ENTRY_GOES_ON.contains(&word),
                EntryKind::Always => {
                    ENTRY_GOES_ON.contains(&word) || ALWAYS_GOES_ON.contains(&word)
                }
                EntryKind::Item | EntryKind::Row => false,
            }
        }
        _ => false,
    }
}

/// Returns whether a line reads `name :` or `name =`, which begins an entry.
pub(super) fn begins_entry(mut lexer: Lexer<'_>, token: Token) -> bool {
    let named = matches!(token.kind, TokenKind::Word | TokenKind::Text);
    named
        && lexer.next().is_some_and(|next| {
            !next.first_on_line && (next.kind == TokenKind::Colon || lexer.text(next) == "=")
        })
}

/// Returns whether a line reads `rule name` behind a rule, or another step.
fn begins_rule(entry: &Entry, mut lexer: Lexer<'_>, token: Token) -> bool {
    entry.kind == EntryKind::Rule
        && begins_step(lexer.text(token))
        && lexer
            .next()
            .is_some_and(|next| !next.first_on_line && next.kind == TokenKind::Word)
}

/// Returns whether a word is followed on its line by a value, whose word it is: else
/// it is a name.
fn goes_with(mut lexer: Lexer<'_>) -> bool {
    let next = lexer.next().filter(|next| !next.first_on_line);
    next.is_some_and(|next| match next.kind {
        TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Open => true,
        // The sign of a value is glued to it
        TokenKind::Operator => lexer.text(next) == "-" && !lexer.blank_after(next),
        _ => false,
    })
}

/// Returns whether `token`, which stands at the margin, begins an item; `lexer`
/// stands behind it.
pub(super) fn begins_item(mut lexer: Lexer<'_>, token: Token) -> bool {
    let keyword = lexer.text(token);
    let Some(next) = lexer.next().filter(|next| !next.first_on_line) else {
        return false;
    };
    let word = lexer.text(next);
    match keyword {
        "input" => next.kind == TokenKind::OpenBlock || word == "from",
        "define" | "output" => next.kind == TokenKind::OpenBlock,
        "reasons" => next.kind == TokenKind::OpenBlock || word == "at",
        "test" | "always" => next.kind == TokenKind::Text,
        "policy" | "reason" | "enum" | "columns" | "model" | "table" | "rules" | "decide"
        | "example" | "use" | "record" | "list" | "lookup" | "bands" | "grid" | "scorecard"
        | "function" | "calibration" | "cascade" | "rank" | "forbid" | "shadow" | "subpolicy" => {
            // `rules in …` or `model is …` would be a condition that goes on
            next.kind == TokenKind::Word
                && !matches!(word, "is" | "in" | "not" | "and" | "or" | "if" | "then")
        }
        _ => false,
    }
}
