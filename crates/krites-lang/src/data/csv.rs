//! Rows and fields out of text, strictly: a quote stands at the beginning and the
//! end of a field or doubled within quotes, and nowhere else. What reads otherwise
//! is a mistake, since it could read as other fields.

use std::borrow::Cow;

/// What parts the fields of a row
pub(super) const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A field of a row
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// What stands in it, blanks around it aside where it is not in quotes
    pub(super) text: Cow<'t, str>,
}

/// Why a row cannot be read
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrokenRow {
    /// A quote within a field that does not begin with one
    QuoteWithin { column: usize },
    /// Something behind the closing quote of a field
    BehindQuotes { column: usize },
    /// A quote that is not closed: all that follows belongs to the field
    NotClosed { column: usize },
    /// A carriage return that ends no line: old programs end their lines so, and all
    /// of the file would be one row
    LoneReturn { column: usize },
}

/// Reads one row after the other
#[derive(Clone, Debug)]
pub(super) struct Rows<'t> {
    rest: &'t str,
    separator: u8,
    row: u32,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, separator: u8) -> Self {
        Self {
            rest: text,
            separator,
            row: 0,
        }
    }

    /// The number of the row that was read last, from 1; blank ones count.
    pub(super) fn row(&self) -> u32 {
        self.row
    }

    /// Reads the next row that is not blank; tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`BrokenRow`] where quotes are wrong; reading goes on with the next line.
    pub(super) fn next(&mut self, fields: &mut Vec<Field<'t>>) -> Result<bool, BrokenRow> {
        while !self.rest.is_empty() {
            self.row = self.row.saturating_add(1);
            fields.clear();
            while self.field(fields)? {}
            if !fields.iter().all(|field| field.text.is_empty()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads a field; tells whether another one follows in the row.
    fn field(&mut self, fields: &mut Vec<Field<'t>>) -> Result<bool, BrokenRow> {
        let column = fields.len() + 1;
        let blanks = self.blanks();
        let begun = self.rest.trim_start_matches(blanks);
        if let Some(quoted) = begun.strip_prefix('"') {
            return self.quoted(quoted, blanks, column, fields);
        }
        let separator = self.separator;
        let end = begun
            .bytes()
            .position(|byte| byte == separator || byte == b'\n' || byte == b'"');
        let end = end.unwrap_or(begun.len());
        let (text, behind) = begun.split_at_checked(end).unwrap_or((begun, ""));
        self.rest = behind;
        if behind.starts_with('"') {
            self.skip_line();
            return Err(BrokenRow::QuoteWithin { column });
        }
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.contains('\r') {
            self.skip_line();
            return Err(BrokenRow::LoneReturn { column });
        }
        fields.push(Field {
            text: Cow::Borrowed(text.trim_end_matches(blanks)),
        });
        Ok(self.goes_on())
    }

    /// Reads a field in quotes, the first of which is read.
    fn quoted(
        &mut self,
        begun: &'t str,
        blanks: &'static [char],
        column: usize,
        fields: &mut Vec<Field<'t>>,
    ) -> Result<bool, BrokenRow> {
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let mut rest = begun;
        loop {
            let Some((part, behind)) = rest.split_once('"') else {
                self.rest = "";
                return Err(BrokenRow::NotClosed { column });
            };
            if text.is_empty() {
                text = Cow::Borrowed(part);
            } else {
                text.to_mut().push_str(part);
            }
            match behind.strip_prefix('"') {
                Some(more) => {
                    text.to_mut().push('"');
                    rest = more;
                }
                None => {
                    self.rest = behind.trim_start_matches(blanks);
                    break;
                }
            }
        }
        self.rest = match self.rest.strip_prefix('\r') {
            Some(behind) if behind.is_empty() || behind.starts_with('\n') => behind,
            _ => self.rest,
        };
        let next = self.rest.bytes().next();
        if next.is_some_and(|byte| byte != b'\n' && byte != self.separator) {
            self.skip_line();
            return Err(match next {
                Some(b'\r') => BrokenRow::LoneReturn { column },
                _ => BrokenRow::BehindQuotes { column },
            });
        }
        fields.push(Field { text });
        Ok(self.goes_on())
    }

    /// Steps over what ends a field; tells whether it ends its row as well.
    fn goes_on(&mut self) -> bool {
        let next = self.rest.bytes().next();
        self.rest = self.rest.get(1..).unwrap_or("");
        next == Some(self.separator)
    }

    fn skip_line(&mut self) {
        self.rest = self.rest.split_once('\n').map_or("", |(_, behind)| behind);
    }

    /// Blanks that do not count around a field.
    fn blanks(&self) -> &'static [char] {
        match self.separator {
            b'\t' => &[' '],
            _ => &[' ', '\t'],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BrokenRow, Rows};

    fn rows(text: &str, separator: u8) -> Vec<Result<Vec<String>, BrokenRow>> {
        let mut rows = Rows::new(text, separator);
        let mut fields = Vec::new();
        let mut all = Vec::new();
        loop {
            match rows.next(&mut fields) {
                Ok(false) => return all,
                Ok(true) => all.push(Ok(fields
                    .iter()
                    .map(|field| field.text.to_string())
                    .collect())),
                Err(broken) => all.push(Err(broken)),
            }
        }
    }

    fn read(text: &str) -> Vec<Vec<String>> {
        rows(text, b',').into_iter().map(Result::unwrap).collect()
    }

    #[test]
    fn rows_and_fields_are_told_apart() {
        assert_eq!(read("a,b\nc,d\n"), [["a", "b"], ["c", "d"]]);
        assert_eq!(read("a,b\r\nc,d"), [["a", "b"], ["c", "d"]]);
        assert_eq!(read("a,\n,\n,b\n"), [["a", ""], ["", "b"]]);
        assert_eq!(
            read(" a b ,\t c\r\n\n \n\"x\"\n").concat(),
            ["a b", "c", "x"]
        );
        assert_eq!(read(""), Vec::<Vec<String>>::new());
        assert_eq!(read("\n\n"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn what_stands_in_quotes_is_taken_as_it_is() {
        assert_eq!(read("\" a \",\"b,\"\"c\"\"\"\r\n"), [[" a ", "b,\"c\""]]);
        assert_eq!(read(" \"two\nlines\" ,\"\"\n"), [["two\nlines", ""]]);
        assert_eq!(read("\"\"\"\"\"\",x\n"), [["\"\"", "x"]]);
        assert_eq!(read("\"x\"\r").concat(), ["x"]);
    }

    #[test]
    fn other_separators_part_fields() {
        assert_eq!(rows("a;b,c\n", b';'), [Ok(vec!["a".into(), "b,c".into()])]);
        assert_eq!(
            rows("a\t\tb\n", b'\t'),
            [Ok(vec!["a".into(), "".into(), "b".into()])]
        );
    }

    #[test]
    fn wrong_quotes_are_told_and_the_next_line_is_read() {
        let found = rows("a,b\"c\"\nx,\"y\"z\nd,e\nf,\"g\nh,i\n", b',');
        assert_eq!(
            found,
            [
                Err(BrokenRow::QuoteWithin { column: 2 }),
                Err(BrokenRow::BehindQuotes { column: 2 }),
                Ok(vec!["d".into(), "e".into()]),
                Err(BrokenRow::NotClosed { column: 2 }),
            ]
        );
    }

    #[test]
    fn a_carriage_return_alone_ends_no_row() {
        let lone = |column| [Err(BrokenRow::LoneReturn { column })];
        assert_eq!(rows("a,b\rc,d\r", b','), lone(2));
        assert_eq!(rows("\"a\"\rc\r", b','), lone(1));
        assert_eq!(read("a,\"b\rc\"\r\n"), [["a", "b\rc"]]);
        assert_eq!(read("a,b\r"), [["a", "b"]]);
    }

    #[test]
    fn blank_rows_count() {
        let mut rows = Rows::new("a\n\n\nb\n", b',');
        let mut fields = Vec::new();
        assert_eq!(rows.next(&mut fields), Ok(true));
        assert_eq!(rows.row(), 1);
        assert_eq!(rows.next(&mut fields), Ok(true));
        assert_eq!(rows.row(), 4);
    }
}
