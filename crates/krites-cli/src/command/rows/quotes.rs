//! Quotes of a CSV file that do not close, or close within a field: the csv crate takes
//! all that follows for one field, and says nothing.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

/// Reads on, and follows the quotes by the csv crate's rules
pub(super) struct Quotes<R> {
    inner: R,
    followed: Rc<RefCell<Followed>>,
}

/// A quote that opens a field
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// Its line, from 1
    pub(super) line: u64,
    /// Its field within the row, from 0
    pub(super) column: usize,
}

/// What was read so far
#[derive(Debug)]
struct Followed {
    place: Place,
    /// Line, from 1
    line: u64,
    /// Field within the row, from 0
    column: usize,
    /// The last quote that opened
    quote: Open,
    /// Quotes behind whose closing more text stands, each with its line
    misplaced: VecDeque<(Open, u64)>,
    ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Where a quote would open
    Start,
    /// In a field without quotes, or behind its quotes
    Plain,
    /// Between quotes
    Quoted,
    /// Behind a quote that closes, unless another one follows
    Closing,
}

/// Tells of the quotes that were read
pub(super) struct OpenQuotes(Rc<RefCell<Followed>>);

impl OpenQuotes {
    /// Returns the quote that was open when the file ended.
    pub(super) fn at_the_end(&self) -> Option<Open> {
        let followed = self.0.borrow();
        (followed.ended && followed.place == Place::Quoted).then_some(followed.quote)
    }

    /// Returns a quote of the lines up to `last` that closes before its field ends,
    /// and the line where it does.
    pub(super) fn misplaced(&self, last: u64) -> Option<(Open, u64)> {
        let misplaced = &mut self.0.borrow_mut().misplaced;
        let mut found = None;
        while misplaced.front().is_some_and(|(open, _)| open.line <= last) {
            let quote = misplaced.pop_front();
            found = found.or(quote);
        }
        found
    }
}

impl<R> Quotes<R> {
    pub(super) fn new(inner: R) -> (Self, OpenQuotes) {
        let followed = Rc::new(RefCell::new(Followed {
            place: Place::Start,
            line: 1,
            column: 0,
            quote: Open { line: 1, column: 0 },
            misplaced: VecDeque::new(),
            ended: false,
        }));
        let open = OpenQuotes(followed.clone());
        (Self { inner, followed }, open)
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let mut followed = self.followed.borrow_mut();
        followed.ended = count == 0 && !buffer.is_empty();
        for byte in buffer.get(..count).unwrap_or_default() {
            followed.follow(*byte);
        }
        Ok(count)
    }
}

impl Followed {
    fn follow(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Start, b'"') => {
                let (line, column) = (self.line, self.column);
                self.quote = Open { line, column };
                Place::Quoted
            }
            // The mark that some programs begin a file of UTF-8 with
            (Place::Start, 0xef | 0xbb | 0xbf) if self.line == 1 && self.column == 0 => {
                Place::Start
            }
            (Place::Quoted, b'"') => Place::Closing,
            (Place::Closing, b'"') | (Place::Quoted, _) => Place::Quoted,
            (_, b',') => {
                self.column += 1;
                Place::Start
            }
            (_, b'\r' | b'\n') => {
                self.column = 0;
                Place::Start
            }
            (Place::Closing, _) => {
                self.misplaced.push_back((self.quote, self.line));
                Place::Plain
            }
            _ => Place::Plain,
        };
        self.line += u64::from(byte == b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_the_end(text: &str) -> Option<(u64, usize)> {
        let (mut quotes, open) = Quotes::new(text.as_bytes());
        io::copy(&mut quotes, &mut io::sink()).unwrap();
        open.at_the_end().map(|open| (open.line, open.column))
    }

    #[test]
    fn text_behind_a_closing_quote_is_found_by_its_lines() {
        let text = "a,b\n\"1\"x,2\n1,\"2\n3,\"4\"\n";
        let (mut quotes, open) = Quotes::new(text.as_bytes());
        io::copy(&mut quotes, &mut io::sink()).unwrap();
        assert_eq!(open.misplaced(1), None);
        assert_eq!(open.misplaced(2), Some((Open { line: 2, column: 0 }, 2)));
        assert_eq!(open.misplaced(4), Some((Open { line: 3, column: 1 }, 4)));
        assert_eq!(open.misplaced(9), None);
    }

    #[test]
    fn the_quote_that_never_closes_is_found() {
        let cases = [
            ("a,b\n1,2\n", None),
            ("a,b\n1,\"2\n3,4\n", Some((2, 1))),
            ("a,b\n1,\"2\"\n\"3,4\n", Some((3, 0))),
            ("a,b\n1,\"2\"\"\n3,4\n", Some((2, 1))),
            ("a,b\n1,\"2\"\"\"\n3,4\n", None),
            ("a,b\n1,2\"\n3,4\n", None),
            ("a,b\n1,\"2\n3\"\n4,5\n", None),
            ("\u{feff}\"a", Some((1, 0))),
            ("\"", Some((1, 0))),
            ("\"\"", None),
        ];
        for (text, open) in cases {
            assert_eq!(at_the_end(text), open, "{text:?}");
        }
    }
}
