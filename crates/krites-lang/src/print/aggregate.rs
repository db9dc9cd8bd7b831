//! What is said of all elements of a list or series.

use super::expr::{Level, part, whole};
use super::phrase::Phrase;
use crate::ast::{Aggregate, AggregateKind};

/// Writes `sum of p where (c) if none x`.
pub(super) fn write(aggregate: &Aggregate, out: &mut Phrase) {
    out.push(match aggregate.kind {
        AggregateKind::Count => "count of ",
        AggregateKind::Sum => "sum of ",
        AggregateKind::Average => "average of ",
        AggregateKind::Min => "min of ",
        AggregateKind::Max => "max of ",
        AggregateKind::First => "first of ",
        AggregateKind::Any => "any of ",
        AggregateKind::Every => "every of ",
    });
    if let Some(item) = &aggregate.item {
        out.open("(");
        whole(item, out);
        out.close(")");
        out.push(" over ");
    }
    out.name(&aggregate.over.path.text);
    if let Some((first, last, _)) = aggregate.over.slice {
        out.push(&format!("[{first} to {last}]"));
    }
    if let Some(condition) = &aggregate.condition {
        out.push(" where ");
        out.open("(");
        whole(condition, out);
        out.close(")");
    }
    if let Some(value) = &aggregate.if_none {
        out.push(" if none ");
        part(value, Level::Value, out);
    }
}
