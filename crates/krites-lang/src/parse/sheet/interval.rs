//! Intervals and comparisons, `[25, 40)` and `25 <= age < 40`, as ranges.

use super::bins::Untold;
use crate::parse::wording::one_line;

/// The zeros that an exponent may stand for
const MAX_EXPONENT: i32 = 28;

/// One end of an interval
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    /// `None` where it has no end
    bound: Option<String>,
    inclusive: bool,
}

/// Reads `[25, 40)`, `(25 ~ 40]`, `[-inf, 25)`; `None` where it is no interval.
pub(super) fn interval(text: &str) -> Option<Result<String, Untold>> {
    let low_in = text.starts_with('[');
    let high_in = text.ends_with(']');
    let inner = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let mut parts = inner.split([',', '~', ';']).map(str::trim);
    let (Some(low), Some(high), None) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let (low, high) = (end(low, low_in)?, end(high, high_in)?);
    let is_list = low_in && high_in && inner.contains(", ") && low != high;
    if let (Some(low), Some(high), true) = (&low.bound, &high.bound, is_list) {
        return Some(Err(Untold {
            headline: format!("`{}` may be a range or a list of two", one_line(text)),
            help: format!("write `{low} to {high}` or `{low}, {high}` in the file"),
        }));
    }
    Some(range(low, high).ok_or_else(|| Untold {
        headline: format!("`{}` takes every value", one_line(text)),
        help: "leave the feature out of the file: it tells nothing apart".to_owned(),
    }))
}

/// Reads `25 <= age < 40`, `age < 25`, `> 40`; `None` where it is no comparison.
pub(super) fn comparison(text: &str) -> Option<String> {
    let text = text.replace('≤', "<=").replace('≥', ">=");
    let mut sides = Vec::new();
    let mut signs = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['<', '>']) {
        sides.push(rest.get(..at)?.trim());
        let length = if rest.get(at + 1..)?.starts_with('=') {
            2
        } else {
            1
        };
        signs.push(rest.get(at..at + length)?);
        rest = rest.get(at + length..)?;
    }
    sides.push(rest.trim());
    let number = |side: &str| is_number(side).then(|| expanded(side)).flatten();
    let ends = match (sides.as_slice(), signs.as_slice()) {
        ([name, bound], [sign]) if is_name(name) || name.is_empty() => {
            one_sided(sign, number(bound)?)
        }
        ([bound, name], [sign]) if is_name(name) => one_sided(turned(sign), number(bound)?),
        ([first, name, last], [one, other]) if is_name(name) => {
            let (first, last) = (number(first)?, number(last)?);
            match (one.starts_with('<'), other.starts_with('<')) {
                (true, true) => (one_sided(turned(one), first).0, one_sided(other, last).1),
                (false, false) => (one_sided(other, last).0, one_sided(turned(one), first).1),
                _ => return None,
            }
        }
        _ => return None,
    };
    range(ends.0, ends.1)
}

/// The ends of what is `sign` than a bound.
fn one_sided(sign: &str, bound: String) -> (End, End) {
    let none = End {
        bound: None,
        inclusive: false,
    };
    let end = End {
        bound: Some(bound),
        inclusive: sign.ends_with('='),
    };
    match sign.starts_with('<') {
        true => (none, end),
        false => (end, none),
    }
}

/// The sign with its sides changed.
fn turned(sign: &str) -> &str {
    match sign {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        _ => "<=",
    }
}

fn end(text: &str, inclusive: bool) -> Option<End> {
    let unsigned = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    let bound = match unsigned.as_str() {
        "inf" | "infinity" | "∞" => None,
        _ if is_number(text) => Some(expanded(text)?),
        _ => return None,
    };
    Some(End { bound, inclusive })
}

/// Writes a range; `None` where it has no end at all.
fn range(low: End, high: End) -> Option<String> {
    Some(match (low.bound, high.bound) {
        (None, None) => return None,
        (None, Some(bound)) if high.inclusive => format!("up to {bound}"),
        (None, Some(bound)) => format!("below {bound}"),
        (Some(bound), None) if low.inclusive => format!("{bound} and above"),
        (Some(bound), None) => format!("above {bound}"),
        (Some(from), Some(to)) => {
            let above = if low.inclusive { "" } else { "above " };
            let below = if high.inclusive { "" } else { "below " };
            format!("{above}{from} to {below}{to}")
        }
    })
}

/// Tells whether a text is a number, a percentage or a date.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let inner = |sign: char| {
        sign.is_ascii_digit()
            || matches!(
                sign,
                '.' | '_' | '-' | '+' | ':' | '%' | 'e' | 'E' | 'T' | 'Z'
            )
    };
    digits.starts_with(|sign: char| sign.is_ascii_digit()) && digits.chars().all(inner)
}

/// Tells whether a text is a name as tools have them: `AGE`, `age.in.years`.
fn is_name(text: &str) -> bool {
    let inner = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-' | ' ');
    text.starts_with(|sign: char| sign.is_alphabetic() || sign == '_') && text.chars().all(inner)
}

/// Writes a number without its exponent: `1e+05` is `100000`.
fn expanded(text: &str) -> Option<String> {
    let text = text.trim_start_matches('+');
    let is_exponent = |text: &str| {
        let digits = text.trim_start_matches(['-', '+']);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Some(text.to_owned());
    };
    let exponent = Some(exponent).filter(|text| is_exponent(text))?;
    let exponent: i32 = exponent.trim_start_matches('+').parse().ok()?;
    if exponent.abs() > MAX_EXPONENT {
        return None;
    }
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (moved, zeros) = (
        format!("{whole}{places}"),
        "0".repeat(MAX_EXPONENT as usize),
    );
    // Where the point stands among the digits
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let padded = format!("{zeros}{moved}{zeros}");
    let at = usize::try_from(point + MAX_EXPONENT).ok()?;
    let whole = padded.get(..at)?.trim_start_matches('0');
    let places = padded.get(at..)?.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(match places {
        "" => format!("{sign}{whole}"),
        places => format!("{sign}{whole}.{places}"),
    })
}
