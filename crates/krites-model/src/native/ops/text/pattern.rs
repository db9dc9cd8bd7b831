//! Regular expressions of one class of characters that repeats, as `[a-z0-9]+`.
//!
//! ONNX Runtime matches with RE2 and takes the longest match; for these forms
//! the longest match is a run of characters, and what each form means is the
//! same everywhere. All else is refused: alternatives, groups, anchors, flags,
//! classes of Unicode. Meanings are those of RE2's syntax
//! (github.com/google/re2/wiki/Syntax): `\d`, `\s` and `\w` are of ASCII, `.`
//! does not match the end of a line.
//!
//! Invariant: no form can take more than one look at each character.

use std::iter::Peekable;
use std::str::Chars;

use super::class::Class;

/// The most times that RE2 lets something repeat
const MOST_REPEATS: usize = 1000;

/// A run of characters of a class
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) class: Class,
    /// Characters of a match at least; one or more
    pub(crate) least: usize,
    /// Characters of a match at most
    pub(crate) most: usize,
    /// Also nothing at all is a match
    pub(crate) empty: bool,
}

impl Pattern {
    /// Reads a pattern, `None` for one that is not of these forms.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let class = atom(&mut rest)?;
        let (least, most) = repeats(&mut rest)?;
        let mut pattern = Self {
            class,
            least,
            most,
            empty: false,
        };
        // `\w\w+` is a run, too.
        while rest.peek().is_some() {
            if atom(&mut rest)? != pattern.class {
                return None;
            }
            let (least, most) = repeats(&mut rest)?;
            pattern.least = pattern.least.checked_add(least)?;
            pattern.most = pattern.most.saturating_add(most);
        }
        pattern.empty = pattern.least == 0;
        pattern.least = pattern.least.max(1);
        Some(pattern)
    }
}

type Rest<'a> = Peekable<Chars<'a>>;

/// Reads one class of characters.
fn atom(rest: &mut Rest<'_>) -> Option<Class> {
    match rest.next()? {
        '.' => Some(Class::new(vec![(0x0a, 0x0a)]).complement()),
        '\\' => escape(rest),
        '[' => bracketed(rest),
        '(' | ')' | ']' | '{' | '}' | '*' | '+' | '?' | '|' | '^' | '$' => None,
        c => Some(one(c)),
    }
}

fn one(c: char) -> Class {
    Class::new(vec![(c.into(), c.into())])
}

/// Reads what stands behind a backslash.
fn escape(rest: &mut Rest<'_>) -> Option<Class> {
    let digits = || vec![(0x30, 0x39)];
    let spaces = || vec![(0x09, 0x0a), (0x0c, 0x0d), (0x20, 0x20)];
    let word = || vec![(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
    Some(match rest.next()? {
        'd' => Class::new(digits()),
        'D' => Class::new(digits()).complement(),
        's' => Class::new(spaces()),
        'S' => Class::new(spaces()).complement(),
        'w' => Class::new(word()),
        'W' => Class::new(word()).complement(),
        't' => one('\t'),
        'n' => one('\n'),
        'r' => one('\r'),
        'f' => one('\u{c}'),
        'v' => one('\u{b}'),
        c if c.is_ascii_punctuation() && c != '_' => one(c),
        _ => return None,
    })
}

/// Reads a class in brackets, behind its first one.
fn bracketed(rest: &mut Rest<'_>) -> Option<Class> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    let mut first = true;
    loop {
        let c = rest.next()?;
        let item = match c {
            ']' if !first => break,
            '[' => return None,
            '\\' => escape(rest)?,
            '-' if !first && rest.peek() != Some(&']') => return None,
            c => one(c),
        };
        first = false;
        let &[(from, to)] = item.ranges() else {
            ranges.extend_from_slice(item.ranges());
            continue;
        };
        if from != to || rest.peek() != Some(&'-') {
            ranges.push((from, to));
            continue;
        }
        rest.next();
        match rest.next()? {
            // A hyphen before the end is itself.
            ']' => {
                ranges.extend([(from, to), (0x2d, 0x2d)]);
                break;
            }
            '[' => return None,
            '\\' => match escape(rest)?.ranges() {
                &[(last, end)] if last == end && from <= last => ranges.push((from, last)),
                _ => return None,
            },
            last if from <= last.into() => ranges.push((from, last.into())),
            _ => return None,
        }
    }
    let class = Class::new(ranges);
    Some(if negated { class.complement() } else { class })
}

/// Reads how often something repeats: at least, at most.
fn repeats(rest: &mut Rest<'_>) -> Option<(usize, usize)> {
    let bounds = match rest.peek() {
        Some('+') => (1, usize::MAX),
        Some('*') => (0, usize::MAX),
        Some('?') => (0, 1),
        Some('{') => {
            rest.next();
            return braces(rest);
        }
        _ => return Some((1, 1)),
    };
    rest.next();
    // What stands behind may change its meaning; the longest match is the same
    // for `+` and `+?`, but nobody writes that who wants it.
    (!matches!(rest.peek(), Some('*' | '+' | '?' | '{'))).then_some(bounds)
}

/// Reads `2}`, `2,}` or `2,3}`.
fn braces(rest: &mut Rest<'_>) -> Option<(usize, usize)> {
    let number = |rest: &mut Rest<'_>| {
        let mut digits = String::new();
        while let Some(digit) = rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        let number: Option<usize> = digits.parse().ok();
        number.filter(|&number| number <= MOST_REPEATS)
    };
    let least = number(rest)?;
    let most = match rest.next()? {
        '}' => least,
        ',' if rest.next_if_eq(&'}').is_some() => usize::MAX,
        ',' => number(rest).filter(|_| rest.next() == Some('}'))?,
        _ => return None,
    };
    let stands = least >= 1 && least <= most;
    (stands && !matches!(rest.peek(), Some('*' | '+' | '?' | '{'))).then_some((least, most))
}
