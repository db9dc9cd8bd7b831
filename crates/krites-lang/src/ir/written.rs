//! Constants as a policy writes them.

use super::{Literal, Policy};
use crate::Exact;
use crate::ast::Unit;
use crate::calendar::{DateTime, Duration};
use crate::print;
use crate::types::Ty;

impl Policy {
    /// Writes a constant of a type, such as `25_000`, `4.9%`, `student`, `2 days`.
    pub(crate) fn written(&self, literal: &Literal, ty: Ty) -> String {
        match literal {
            Literal::Integer(value) => print::number(&value.to_string()).into_owned(),
            Literal::Exact(value) => match ty {
                Ty::Percent => value
                    .multiply(Exact::from_integer(100))
                    .map_or_else(|_| value.to_string(), |percent| format!("{percent}%")),
                _ => print::number(&value.to_string()).into_owned(),
            },
            Literal::Boolean(value) => value.to_string(),
            Literal::Text(value) => print::quoted(value),
            Literal::Date(value) => value.to_string(),
            Literal::DateTime(value) => DateTime::from_microseconds(*value)
                .map_or_else(String::new, |value| value.to_string()),
            Literal::Duration(value) => length(Duration::from_microseconds(*value)),
            Literal::Label(label) => match ty {
                Ty::Enum(id) => {
                    let label = self.enums[id].labels.get(*label as usize);
                    label.map_or_else(String::new, |label| print::name(&label.name).into_owned())
                }
                _ => String::new(),
            },
        }
    }
}

/// A duration in the largest unit that it is whole in.
pub(crate) fn length(value: Duration) -> String {
    const UNITS: [(Unit, &str); 4] = [
        (Unit::Days, "days"),
        (Unit::Hours, "hours"),
        (Unit::Minutes, "minutes"),
        (Unit::Seconds, "seconds"),
    ];
    let microseconds = value.microseconds();
    let whole = UNITS.iter().find_map(|(unit, word)| {
        let count = microseconds.checked_div(unit.length()?)?;
        (count * unit.length()? == microseconds).then(|| format!("{count} {word}"))
    });
    whole.unwrap_or_else(|| value.to_string())
}
