//! Names that other languages, spreadsheets and forms have for what this one says
//! otherwise.

use super::Checker;
use crate::Diagnostic;
use crate::ast::{self, ExprKind, ProductOp};
use crate::fix::Help;
use crate::ir;
use crate::parse::day_of;
use crate::types::Ty;

/// Names for what is missing
const MISSING: &[&str] = &[
    "null",
    "nil",
    "none",
    "empty",
    "blank",
    "undefined",
    "na",
    "nan",
];

/// Returns what a name of other languages stands for.
pub(super) fn written_here(name: &str) -> Option<&'static str> {
    match name {
        "Y" => return Some("true"),
        "N" => return Some("false"),
        _ => {}
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "yes" | "true" | "ja" | "oui" => "true",
        "no" | "false" | "nein" | "non" => "false",
        "today" | "now" | "current_date" | "sysdate" => "decision_date",
        _ => return None,
    })
}

/// Tells whether a name stands for what is missing elsewhere.
pub(super) fn says_missing(name: &str) -> bool {
    MISSING.contains(&name.to_ascii_lowercase().as_str())
}

impl Checker<'_> {
    /// Proposes what was meant by a label that stands alone: to compare it.
    pub(super) fn label_alone(&self, label: &str) -> Option<Help> {
        let id = *self.names.label_owners.get(label)?;
        let owner = self.label_owner(label)?;
        let of_enum = |input: &&ir::Input| input.ty.ty == Ty::Enum(id);
        let value = self.inputs.iter().find(of_enum);
        let value = value.map_or("x", |input| &*input.name);
        let help = format!(
            "`{label}` is a label of `{owner}`: compare it with a value of that type, as in `{value} is {label}`"
        );
        Some(help.into())
    }

    /// Finds the label of a path such as `Employment.student`.
    pub(super) fn label_of_enum<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (owner, label) = path.rsplit_once('.')?;
        let id = self.names.label_owners.get(label)?;
        (self.enums[*id].name == owner).then_some(label)
    }

    /// Reports `x is null`; tells whether it did.
    pub(super) fn asks_for_missing(&mut self, subject: &ast::Expr, value: &ast::Expr) -> bool {
        let name = match &value.kind {
            ExprKind::Path(path) => path.text.as_str(),
            _ => return false,
        };
        let known = self.names.get(name).is_some() || self.label_owner(name).is_some();
        if known || !says_missing(name) {
            return false;
        }
        let subject = match &subject.kind {
            ExprKind::Path(path) => path.text.as_str(),
            _ => "x",
        };
        self.report(
            Diagnostic::error(
                super::codes::UNKNOWN_NAME,
                format!("`{name}` is not declared: what is not there is `missing`"),
                value.span,
            )
            .help(Help::certain(
                format!("write `{subject} is missing` or `{subject} is present`"),
                "missing",
            )),
        );
        true
    }

    /// Reports `31/12/2024` where a date is needed; tells whether it did.
    pub(super) fn is_day_by_slashes(&mut self, expr: &ast::Expr) -> bool {
        let Some((written, day, certain)) = day_by_slashes(expr) else {
            return false;
        };
        let diagnostic = Diagnostic::error(
            super::codes::LITERAL_DOES_NOT_FIT,
            format!("a date is needed here, `{written}` is a division"),
            expr.span,
        );
        let words = format!("write year, month and day: `{day}`");
        self.report(diagnostic.help(match certain {
            true => Help::certain(words, day),
            false => words.into(),
        }));
        true
    }
}

/// Reads three whole numbers that are divided as a day: what is written, the day, and
/// whether nothing else can be meant.
fn day_by_slashes(expr: &ast::Expr) -> Option<(String, String, bool)> {
    let ExprKind::Product { first, rest } = &expr.kind else {
        return None;
    };
    let number = |expr: &ast::Expr| match &expr.kind {
        ExprKind::Number(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.clone())
        }
        _ => None,
    };
    let [second, third] = rest.as_slice() else {
        return None;
    };
    if second.op != ProductOp::Divide || third.op != ProductOp::Divide {
        return None;
    }
    let parts = [
        number(first)?,
        number(&second.value)?,
        number(&third.value)?,
    ];
    let [one, two, three] = &parts;
    let (day, certain) = day_of(one, two, three)?;
    Some((parts.join("/"), day, certain))
}
