//! Slips of percent and fraction: what a value is held against is a hundred times too
//! large or too small for the range that is declared of it.

use std::collections::BTreeSet;

use super::codes;
use crate::analyse::cut::{Cut, Spans};
use crate::analyse::domain::Domain;
use crate::analyse::set::Values;
use crate::ir::{Expr, ExprKind, Literal, Policy, Value};
use crate::types::Ty;
use crate::{Diagnostic, Exact, Span};

/// Looks for slips in an expression, and takes down which comparisons have one.
pub(super) fn look(
    policy: &Policy,
    expr: &Expr,
    slipped: &mut BTreeSet<Span>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut held = |one: &Expr, other: &Expr| {
        let found = slip(policy, one, other).or_else(|| slip(policy, other, one));
        if found.is_some() {
            slipped.insert(expr.span);
        }
        diagnostics.extend(found);
    };
    match &expr.kind {
        ExprKind::Compare(_, left, right) => held(left, right),
        ExprKind::InRange(subject, low, high) => {
            let bounds = [low, high].into_iter().flatten();
            bounds.for_each(|(bound, _)| held(subject, bound));
        }
        _ => {}
    }
    expr.each_part(&mut |part| look(policy, part, slipped, diagnostics));
}

/// A value that is held against a constant of the wrong size.
fn slip(policy: &Policy, subject: &Expr, constant: &Expr) -> Option<Diagnostic> {
    let (ExprKind::Value(value), ExprKind::Literal(Literal::Exact(number))) =
        (&subject.kind, &constant.kind)
    else {
        return None;
    };
    if !matches!(subject.ty, Ty::Percent | Ty::Decimal) || *number <= Exact::ZERO {
        return None;
    }
    let domain = Domain::of_value(policy, *value)?;
    let meant = meant(&domain, *number)?;
    let name = policy.name_of(*value);
    let wrong = policy.written(&Literal::Exact(*number), subject.ty);
    let right = policy.written(&Literal::Exact(meant), Ty::Percent);
    let headline = format!(
        "`{name}` is held against {wrong}, though it lies in {}",
        domain.numbers(policy)?
    );
    let mut found = Diagnostic::warning(codes::SLIP, headline, constant.span)
        .label(format!("{right} may be meant"));
    if let Some(span) = declared(policy, *value) {
        found = found.evidence(span, "its range is declared here");
    }
    Some(found.help(format!("write `{right}`")))
}

/// The number that is meant, where another one is written by a slip: one that lies
/// beyond all that the value may be, where a hundredth of it does not; or less than a
/// percent, of what goes to twice the whole and beyond.
fn meant(domain: &Domain, number: Exact) -> Option<Exact> {
    let Values::Spans(spans) = &domain.set.values else {
        return None;
    };
    let reaches = |from: Exact| {
        let above = Spans::between(Cut::Before(from), Cut::Highest);
        !above.and(spans).parts().is_empty()
    };
    let holds = |number: Exact| !Spans::point(number).and(spans).parts().is_empty();
    let below_zero = Spans::between(Cut::Lowest, Cut::Before(Exact::ZERO));
    if !below_zero.and(spans).parts().is_empty() {
        return None;
    }
    let hundred = Exact::from_integer(100);
    let percent = Exact::new(1, 2).ok()?;
    let end = spans.parts().last().map(|(_, end)| *end)?;
    if end < Cut::Before(number) {
        return number.multiply(percent).ok().filter(|meant| holds(*meant));
    }
    let of_the_whole = domain.ty == Ty::Percent && number < percent;
    let wide = end != Cut::Highest && reaches(Exact::from_integer(2));
    let meant = number.multiply(hundred).ok();
    meant.filter(|meant| of_the_whole && wide && holds(*meant))
}

/// Where the range of a value is declared.
fn declared(policy: &Policy, value: Value) -> Option<Span> {
    match value {
        Value::Input(id) => Some(policy.inputs[id].span),
        Value::Model(id, give) => Some(policy.models[id].gives.get(give as usize)?.span),
        _ => None,
    }
}
