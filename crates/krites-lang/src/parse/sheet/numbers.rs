//! Numbers as a file writes them.

use std::iter::Peekable;
use std::str::CharIndices;

use crate::ast::Written;

/// The signs within numbers, as a sample such as `1.234,56` shows them
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) struct NumberFormat {
    /// Between thousands
    group: Option<char>,
    /// Before the decimals
    point: char,
}

impl NumberFormat {
    /// Reads a sample: `1.234,56`, `1 234,56`, `1'234.56`, `1234,56`.
    pub(in crate::parse) fn of(sample: &str) -> Option<Self> {
        let rest = sample.strip_prefix('1')?;
        let rest = rest.strip_suffix("56")?;
        let mut signs = rest.chars();
        let point = signs.next_back()?;
        let group = match signs.as_str().strip_suffix("234")? {
            "" => None,
            group => {
                let mut group = group.chars();
                let sign = group.next()?;
                group.next().is_none().then_some(sign)
            }
            .map(Some)?,
        };
        let is_group =
            |sign: char| matches!(sign, '.' | ',' | '\'' | '’' | '_') || sign.is_whitespace();
        let sound =
            matches!(point, '.' | ',') && group != Some(point) && group.is_none_or(is_group);
        sound.then_some(Self { group, point })
    }

    /// How the language writes numbers
    const OWN: Self = Self {
        group: Some('_'),
        point: '.',
    };
}

/// Rewrites the numbers of a cell, texts in quotes, dates and names aside.
///
/// # Errors
///
/// The first number that is not of this format.
pub(super) fn rewritten(
    text: &str,
    format: Option<NumberFormat>,
    written: Option<Written>,
) -> Result<String, &str> {
    let strict = format.is_some();
    let format = format.unwrap_or(NumberFormat::OWN);
    let mut out = String::with_capacity(text.len() + 1);
    let mut signs = text.char_indices().peekable();
    let mut before = None;
    while let Some((at, sign)) = signs.next() {
        let begins = !before.is_some_and(|sign: char| sign.is_alphanumeric() || sign == '_');
        let rest = text.get(at..).unwrap_or("");
        before = Some(sign);
        if sign == '"' {
            let end = quoted_end(rest);
            out.push_str(rest.get(..end).unwrap_or(rest));
            skip(&mut signs, at + end);
        } else if sign.is_ascii_digit() && begins {
            let end = date_end(rest);
            if end > 0 {
                out.push_str(rest.get(..end).unwrap_or(rest));
                skip(&mut signs, at + end);
                before = Some('0');
                continue;
            }
            let number = number(rest, format);
            if strict && number.goes_on(rest) {
                let end = rest.find([' ', '\n', '%']).unwrap_or(rest.len());
                return Err(rest.get(..end).unwrap_or(rest));
            }
            let is_rate = rest
                .get(number.length..)
                .is_some_and(|rest| rest.starts_with('%'));
            match written {
                Some(Written::Fraction) if !is_rate => {
                    out.push_str(&hundredfold(&number.decimal));
                    out.push('%');
                }
                Some(Written::Percent) if !is_rate => {
                    out.push_str(&number.decimal);
                    out.push('%');
                }
                _ => out.push_str(&number.decimal),
            }
            skip(&mut signs, at + number.length);
            before = Some('0');
        } else {
            out.push(sign);
        }
    }
    Ok(out)
}

fn skip(signs: &mut Peekable<CharIndices<'_>>, end: usize) {
    while signs.next_if(|(at, _)| *at < end).is_some() {}
}

/// Returns how many bytes a text in quotes has that begins here.
fn quoted_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns how many bytes a date or datetime has that begins here; 0 where none does.
fn date_end(text: &str) -> usize {
    let bytes = text.as_bytes().get(..10).unwrap_or(&[]);
    let is_date = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_date {
        return 0;
    }
    let goes_on =
        |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, ':' | '.' | '+' | '-');
    text.find(|sign| !goes_on(sign)).unwrap_or(text.len())
}

/// A number that was read
struct Number {
    /// How many bytes it takes
    length: usize,
    /// As the language has it
    decimal: String,
}

impl Number {
    /// Tells whether what follows shows that the number is of another format.
    fn goes_on(&self, text: &str) -> bool {
        let mut rest = text.get(self.length..).unwrap_or("").chars();
        let (next, behind) = (rest.next(), rest.next());
        match next {
            Some('.' | ',' | '\'' | '_') => behind.is_some_and(|sign| sign.is_ascii_digit()),
            Some(sign) => sign.is_ascii_digit(),
            None => false,
        }
    }
}

/// Reads a number of the format; the text begins with a digit.
fn number(text: &str, format: NumberFormat) -> Number {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or("");
        rest.find(|sign: char| !sign.is_ascii_digit())
            .unwrap_or(rest.len())
    };
    let part = |from: usize, length: usize| text.get(from..from + length).unwrap_or("");
    let mut length = digits(0);
    let mut decimal = part(0, length).to_owned();
    if let Some(group) = format.group.filter(|_| length <= 3) {
        while part(length, group.len_utf8()).starts_with(group)
            && digits(length + group.len_utf8()) == 3
        {
            length += group.len_utf8();
            decimal.push_str(part(length, 3));
            length += 3;
        }
    }
    let behind = length + format.point.len_utf8();
    if part(length, format.point.len_utf8()).starts_with(format.point) && digits(behind) > 0 {
        decimal.push('.');
        decimal.push_str(part(behind, digits(behind)));
        length = behind + digits(behind);
    }
    Number { length, decimal }
}

/// Writes a hundred times a decimal, by its point alone: exactly.
pub(in crate::parse) fn hundredfold(decimal: &str) -> String {
    let (whole, places) = decimal.split_once('.').unwrap_or((decimal, ""));
    let moved = places.get(..places.len().min(2)).unwrap_or("");
    let rest = places
        .get(moved.len()..)
        .unwrap_or("")
        .trim_end_matches('0');
    let whole = format!("{whole}{moved:0<2}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match rest {
        "" => whole.to_owned(),
        rest => format!("{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberFormat, hundredfold, rewritten};
    use crate::ast::Written;

    #[test]
    fn a_sample_shows_the_signs_within_numbers() {
        let of = |sample| NumberFormat::of(sample).map(|format| (format.group, format.point));
        assert_eq!(of("1.234,56"), Some((Some('.'), ',')));
        assert_eq!(of("1 234,56"), Some((Some(' '), ',')));
        assert_eq!(of("1\u{202f}234,56"), Some((Some('\u{202f}'), ',')));
        assert_eq!(of("1'234.56"), Some((Some('\''), '.')));
        assert_eq!(of("1,234.56"), Some((Some(','), '.')));
        assert_eq!(of("1234,56"), Some((None, ',')));
        for wrong in [
            "",
            "1",
            "1.234",
            "1.234.56",
            "1x234,56",
            "2.345,67",
            "1;234",
            "1..234,56",
        ] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_of_a_format_become_those_of_the_language() {
        let german = NumberFormat::of("1.234,56");
        let of = |text| rewritten(text, german, None);
        assert_eq!(of("1.234,56").unwrap(), "1234.56");
        assert_eq!(
            of("1.234.567 to below 2.000.000").unwrap(),
            "1234567 to below 2000000"
        );
        assert_eq!(of("1, 2,5, -3").unwrap(), "1, 2.5, -3");
        assert_eq!(of("4,9%").unwrap(), "4.9%");
        assert_eq!(of("S1, T_2").unwrap(), "S1, T_2");
        assert_eq!(of("\"1.234,56\"").unwrap(), "\"1.234,56\"");
        assert_eq!(of("2026-11-02 and above").unwrap(), "2026-11-02 and above");
        assert_eq!(
            of("2026-11-02T14:30:00.5+01:00").unwrap(),
            "2026-11-02T14:30:00.5+01:00"
        );
        assert_eq!(of("1234,5").unwrap(), "1234.5");
        for wrong in ["1234.56", "1.23", "1.234.5", "1.2345", "12.34,5", "1_000"] {
            let cell = format!("above {wrong} days");
            assert_eq!(rewritten(&cell, german, None), Err(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_bare_number_becomes_a_percentage() {
        let of = |text, written| rewritten(text, None, Some(written)).unwrap();
        assert_eq!(of("0.05", Written::Fraction), "5%");
        assert_eq!(
            of("below 0.055, 1 and above", Written::Fraction),
            "below 5.5%, 100% and above"
        );
        assert_eq!(of("5%, 0.07", Written::Fraction), "5%, 7%");
        assert_eq!(of("-0.5", Written::Fraction), "-50%");
        assert_eq!(
            of("4.9 to below 1_000", Written::Percent),
            "4.9% to below 1000%"
        );
        let german = NumberFormat::of("1.234,56");
        let german = rewritten("1.000,5", german, Some(Written::Percent));
        assert_eq!(german.unwrap(), "1000.5%");
    }

    #[test]
    fn a_hundred_times_moves_the_point() {
        let pairs = [
            ("0", "0"),
            ("1", "100"),
            ("0.1", "10"),
            ("0.05", "5"),
            ("0.00001", "0.001"),
            ("12.3456", "1234.56"),
            ("0.50", "50"),
            ("0.12300", "12.3"),
        ];
        for (given, wanted) in pairs {
            assert_eq!(hundredfold(given), wanted);
        }
    }
}
