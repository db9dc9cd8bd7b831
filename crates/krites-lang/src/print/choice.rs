//! `if … then … else …` and `match … { … }`.

use super::expr::{Level, part, test, whole};
use super::names;
use super::phrase::Phrase;
use crate::ast::{Expr, MatchArm};

/// Writes a choice by conditions; another one within it stands in brackets.
pub(super) fn if_then(arms: &[(Expr, Expr)], otherwise: &Expr, out: &mut Phrase) {
    out.open("");
    for (at, (condition, value)) in arms.iter().enumerate() {
        if at > 0 {
            out.every();
            out.push("else ");
        }
        out.open("if ");
        out.beware(names::BEHIND_IF);
        part(condition, Level::Junction, out);
        out.close("");
        out.every();
        out.push("then ");
        part(value, Level::Junction, out);
    }
    out.every();
    out.push("else ");
    part(otherwise, Level::Junction, out);
    out.close("");
}

/// Writes a choice by one value.
pub(super) fn match_of(
    subject: &Expr,
    arms: &[MatchArm],
    otherwise: Option<&Expr>,
    out: &mut Phrase,
) {
    out.push("match ");
    part(subject, Level::Sum, out);
    out.open(" {");
    for (at, arm) in arms.iter().enumerate() {
        out.push(if at > 0 { "," } else { "" });
        out.every();
        for (at, alternative) in arm.tests.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            test(alternative, out);
        }
        if arm.tests.is_empty() {
            out.push("missing");
        }
        out.push(" : ");
        whole(&arm.value, out);
    }
    if let Some(otherwise) = otherwise {
        out.push(if arms.is_empty() { "" } else { "," });
        out.every();
        out.push("otherwise : ");
        whole(otherwise, out);
    }
    out.closing();
    out.close("}");
}
