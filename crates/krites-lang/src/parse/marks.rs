//! Signs that are not seen: what is read would not be what is shown. They stand
//! nowhere in a file, comments included; a text has them by their number.

use crate::scan::span;
use crate::{Code, Diagnostic, SourceId};

/// How many of them are reported
const MAX_REPORTED: usize = 20;

/// A sign that is not seen
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// A control character; what ends lines aside, and tabs
    Control,
    /// A carriage return without the line's end behind it: many a program shows a
    /// new line there, which none is
    Return,
    /// It turns the direction of writing: <https://trojansource.codes>
    Direction,
    /// It has no width
    Invisible,
}

/// Reports the signs of a text that are not seen.
pub(super) fn check(text: &str, source: SourceId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut returns = false;
    for (at, sign) in text.char_indices() {
        let Some(mark) = mark(sign) else { continue };
        let is_wrong = match mark {
            Mark::Return => {
                let ends_line = text.as_bytes().get(at + 1) == Some(&b'\n');
                // Where one stands alone they all do, and said once is enough
                let new = !ends_line && !returns;
                returns |= !ends_line;
                new
            }
            // The byte order mark
            Mark::Invisible => at > 0 || sign != '\u{feff}',
            Mark::Control | Mark::Direction => true,
        };
        if is_wrong {
            let place = span(source, at, at + sign.len_utf8());
            found.push(report(mark, sign, place));
        }
        if found.len() == MAX_REPORTED {
            break;
        }
    }
    found
}

fn report(mark: Mark, sign: char, place: crate::Span) -> Diagnostic {
    let number = u32::from(sign);
    let (code, headline, label) = match mark {
        Mark::Control if sign == '\0' => (
            Code(3),
            "the file holds a NUL byte".to_owned(),
            "a byte of no text",
        ),
        Mark::Control => (
            Code(3),
            format!("a control character stands here (U+{number:04X})"),
            "invisible, and what follows may be shown as something else",
        ),
        Mark::Return => (
            Code(3),
            "a carriage return stands here without a line's end".to_owned(),
            "what follows may be shown on a line of its own, and is not",
        ),
        Mark::Direction => (
            Code(7),
            format!("a hidden mark changes the direction of writing (U+{number:04X})"),
            "invisible, and what follows may be shown in another order than it is read",
        ),
        Mark::Invisible => (
            Code(7),
            format!("an invisible mark stands here (U+{number:04X})"),
            "what looks the same without it is not the same",
        ),
    };
    let help = match mark {
        Mark::Return => "save the file with lines that end in LF or CR LF".to_owned(),
        _ => format!(
            "remove it, and retype the line if it cannot be seen; a text in quotes has it as `\\u{{{number:X}}}`"
        ),
    };
    Diagnostic::error(code, headline, place)
        .label(label)
        .help(help)
}

/// Returns whether a text in quotes has a sign by its number only.
pub(crate) fn is_unseen(sign: char) -> bool {
    mark(sign).is_some()
}

fn mark(sign: char) -> Option<Mark> {
    match sign {
        '\t' | '\n' | ' '..='~' => None,
        '\r' => Some(Mark::Return),
        sign if sign.is_control() => Some(Mark::Control),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Mark::Direction)
        }
        // Joiners and selectors are left out: scripts and emoji are written with them
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{2064}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(Mark::Invisible),
        _ => None,
    }
}
