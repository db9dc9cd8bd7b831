//! What tests of this crate and of others hold policies against.

use std::collections::BTreeMap;

pub use crate::analyse::Looked;
use crate::ast::{File, Side};
pub use crate::parse::{Reached, Reading, readings};
use crate::{Diagnostic, PrintError, Program, Sources, parse, print};

/// Returns how many values and comparisons of a policy are computed on whole numbers
/// of 64 bits, which the others are not.
#[must_use]
pub fn on_whole_numbers(program: &Program) -> usize {
    program.scaled
}

/// How short a text is at least that may be refused for its length
const LONG: usize = 20_000;

/// What a file that was printed and read again is made of
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The printed text
    pub text: String,
    /// How many comments it has, by where they stand
    pub comments: BTreeMap<Side, usize>,
    /// How often each kind of node occurs: the name of a type or variant, and
    /// behind it `(` or `{` where it holds something
    pub kinds: BTreeMap<String, usize>,
}

/// Holds a text against the law of the printer: where it is read without a
/// diagnostic, it is printed; what was printed is read as the same tree, comments
/// included, and printed as the same text.
///
/// Returns what was printed, and `None` for a text that is not read, or is refused
/// for its length.
///
/// # Errors
///
/// What differs, with the printed text.
pub fn print_law(text: &str) -> Result<Option<Printed>, String> {
    let (file, diagnostics) = read(text);
    if !diagnostics.is_empty() {
        return Ok(None);
    }
    let printed = match print(&file) {
        Ok(printed) => printed,
        Err(PrintError::TooLong) if text.len() >= LONG => return Ok(None),
        Err(error) => return Err(format!("it is read, but not printed: {error}")),
    };
    let (again, diagnostics) = read(&printed);
    if let Some(first) = diagnostics.first() {
        return Err(format!(
            "what was printed is not read: {first:?}\n--- printed\n{printed}"
        ));
    }
    let (before, after) = (tree(&file), tree(&again));
    if before != after {
        let (before, after) = difference(&before, &after);
        return Err(format!(
            "what was printed is read otherwise\n--- before\n{before}\n--- after\n{after}\n--- printed\n{printed}"
        ));
    }
    match print(&again) {
        Ok(twice) if twice == printed => {}
        other => {
            let twice = other.unwrap_or_else(|error| error.to_string());
            return Err(format!(
                "printed again, it is another text\n--- printed\n{printed}\n--- again\n{twice}"
            ));
        }
    }
    let mut comments = BTreeMap::new();
    for note in file.notes.all().iter().filter(|note| note.text.is_some()) {
        *comments.entry(note.side).or_default() += 1;
    }
    Ok(Some(Printed {
        text: printed,
        comments,
        kinds: kinds(&before),
    }))
}

fn read(text: &str) -> (File, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let source = sources.add("printed.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    (file, diagnostics)
}

/// Writes a tree without its spans, each comment with the number of the item or
/// entry it stands at.
#[must_use]
pub fn tree(file: &File) -> String {
    let anchors = file.anchors();
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    for (number, anchor) in anchors.iter().enumerate() {
        numbers.entry(anchor.start).or_insert(number);
    }
    let mut notes: Vec<(usize, Side, &str)> = Vec::new();
    for note in file.notes.all() {
        if let Some(text) = &note.text {
            let number = numbers.get(&note.at).copied().unwrap_or(anchors.len());
            notes.push((number, note.side, text));
        }
    }
    notes.sort_by_key(|(number, side, _)| (*number, *side));
    let items: Vec<String> = file
        .items
        .iter()
        .map(|item| without_spans(&format!("{item:?}")))
        .collect();
    format!("{}\n{notes:?}", items.join("\n"))
}

/// Leaves out `Span { … }` outside of quotes.
fn without_spans(debug: &str) -> String {
    let mut out = String::with_capacity(debug.len() / 2);
    each_part(debug, |part, quoted| {
        if quoted {
            out.push_str(part);
            return;
        }
        let mut rest = part;
        while let Some((before, after)) = rest.split_once("Span {") {
            out.push_str(before);
            rest = after.split_once('}').map_or("", |(_, behind)| behind);
        }
        out.push_str(rest);
    });
    out
}

/// Calls `each` with the parts of a debug text between and within quotes.
fn each_part<'d>(debug: &'d str, mut each: impl FnMut(&'d str, bool)) {
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, sign) in debug.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => {
                each(debug.get(start..at).unwrap_or(""), quoted);
                start = at;
                quoted = !quoted;
            }
            _ => {}
        }
    }
    each(debug.get(start..).unwrap_or(""), quoted);
}

/// Counts the names of types and variants in a tree's text.
fn kinds(tree: &str) -> BTreeMap<String, usize> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    each_part(tree, |part, quoted| {
        if quoted {
            return;
        }
        let mut rest = part;
        while let Some(at) = rest.find(|sign: char| sign.is_ascii_alphabetic()) {
            let word = rest.get(at..).unwrap_or("");
            let end = word.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
            let (word, behind) = word.split_at(end.unwrap_or(word.len()));
            rest = behind;
            if word.starts_with(|sign: char| sign.is_ascii_uppercase()) {
                let holds = match behind.trim_start().chars().next() {
                    Some('(') => "(",
                    Some('{') => "{",
                    _ => "",
                };
                *kinds.entry(format!("{word}{holds}")).or_default() += 1;
            }
        }
    });
    kinds
}

/// Shows where two texts begin to differ.
fn difference(before: &str, after: &str) -> (String, String) {
    let same = before
        .char_indices()
        .zip(after.chars())
        .find(|((_, left), right)| left != right)
        .map_or(before.len().min(after.len()), |((at, _), _)| at);
    let from = same.saturating_sub(200);
    let show = |text: &str| -> String {
        let start = (0..=from).rev().find(|at| text.is_char_boundary(*at));
        let rest = text.get(start.unwrap_or(0)..).unwrap_or("");
        rest.chars().take(500).collect()
    };
    (show(before), show(after))
}
