//! Quotes of comma-separated values that do not close, or close within a cell, and
//! lines that end in a carriage return alone: read as they stand, cells and rows
//! would be lost in one cell without a word.

use krites_lang::SheetProblem;

/// Where a byte stands
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a quote would open a cell
    Start,
    /// In a cell without quotes
    Plain,
    /// Between quotes
    Quoted,
    /// Behind a quote that closes, unless another one follows
    Closing,
}

/// Holds that each quote that opens a cell closes at its end, and that lines end as
/// they should.
pub(super) fn check(text: &str, separator: u8) -> Result<(), SheetProblem> {
    let mut place = Place::Start;
    let mut line = 1_u32;
    let mut opened = 1;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        place = match (place, byte) {
            (Place::Start, b'"') => {
                opened = line;
                Place::Quoted
            }
            (Place::Quoted, b'"') => Place::Closing,
            (Place::Closing, b'"') | (Place::Quoted, _) => Place::Quoted,
            (_, b'\r') if bytes.peek().is_some_and(|next| *next != b'\n') => {
                return Err(lone_return(line));
            }
            (_, b'\r' | b'\n') => Place::Start,
            (_, byte) if byte == separator => Place::Start,
            (Place::Closing, _) => return Err(behind_quotes(line)),
            _ => Place::Plain,
        };
        line += u32::from(byte == b'\n');
    }
    match place {
        Place::Quoted => Err(not_closed(opened)),
        _ => Ok(()),
    }
}

fn lone_return(line: u32) -> SheetProblem {
    SheetProblem::Unreadable {
        why: format!("line {line} has a carriage return without a line's end"),
        help: "save the file with lines that end in LF or CR LF".to_owned(),
    }
}

fn behind_quotes(line: u32) -> SheetProblem {
    SheetProblem::Unreadable {
        why: format!("something stands behind the closing quote of a cell on line {line}"),
        help: "write a quote within quotes twice: `\"\"\"car\"\", \"\"boat\"\"\"`".to_owned(),
    }
}

fn not_closed(line: u32) -> SheetProblem {
    SheetProblem::Unreadable {
        why: format!("a quote opens a cell on line {line}, and is not closed"),
        help: "close the quote, or write a quote within quotes twice".to_owned(),
    }
}
