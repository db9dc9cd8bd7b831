//! Functions, and arguments of one type.

use super::convert::widen;
use super::literal::is_literal;
use super::names::Meaning;
use super::{Checker, Env, codes, text};
use crate::ast;
use crate::ir::{self, WholeRounding};
use crate::types::Ty;
use crate::{Diagnostic, Help, Span};

const FUNCTIONS: [&str; 6] = ["min", "max", "abs", "floor", "ceiling", "truncate"];

/// The names of all functions of the language.
pub(super) fn built_in<'n>() -> impl Iterator<Item = &'n str> {
    let of_texts = text::FUNCTIONS.iter().map(|(name, _)| *name);
    FUNCTIONS.into_iter().chain(of_texts)
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        function: &ast::Name,
        arguments: &[ast::Expr],
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let name = function.text.as_str();
        if text::FUNCTIONS.iter().any(|(known, _)| *known == name) {
            return self.text_call(name, arguments, span, env);
        }
        if !FUNCTIONS.contains(&name) {
            match self.names.get(name) {
                Some((meaning @ Meaning::Probability(_), declared))
                    if self.is_hidden(meaning, env) =>
                {
                    self.read_in_shadow(name, function.span, declared);
                    return None;
                }
                Some((Meaning::Probability(position), _)) => {
                    return self.probability(position, arguments, span, env);
                }
                Some((Meaning::Function(at), declared)) => {
                    return self.own_call(at, declared, arguments, span, env);
                }
                Some((Meaning::Lookup(id), _)) => {
                    self.report_no_column(id, span);
                    return None;
                }
                Some((Meaning::Broken, _)) => return None,
                None if self.names.unread || self.is_below_broken(name, span) => return None,
                _ => {}
            }
            let own = self
                .names
                .having(|meaning| matches!(meaning, Meaning::Function(_)));
            let known: Vec<&str> = built_in().chain(own).collect();
            let close = || match self.close(name, known.iter().copied()) {
                Some(close) => close.meant(),
                None => format!("the functions are {}", known.join(", ")).into(),
            };
            let help = match otherwise_written(&name.to_ascii_lowercase()) {
                Some(here) => format!("write `{here}`").into(),
                None => self.elsewhere(name).map_or_else(close, Help::from),
            };
            self.report(
                Diagnostic::error(
                    codes::UNKNOWN_FUNCTION,
                    format!("there is no function `{name}`"),
                    function.span,
                )
                .help(help),
            );
            return None;
        }
        let several = matches!(name, "min" | "max");
        let wanted = if several {
            arguments.len() >= 2
        } else {
            arguments.len() == 1
        };
        if !wanted {
            let need = if several {
                "two arguments or more"
            } else {
                "one argument"
            };
            self.report(
                Diagnostic::error(
                    codes::ARGUMENT_COUNT,
                    format!("`{name}` takes {need}"),
                    span,
                )
                .help(if several {
                    format!("write `{name}(a, b)`")
                } else {
                    format!("write `{name}(a)`")
                }),
            );
            return None;
        }
        let side = match name {
            "floor" => Some(WholeRounding::Floor),
            "ceiling" => Some(WholeRounding::Ceiling),
            "truncate" => Some(WholeRounding::Truncate),
            _ => None,
        };
        if let (Some(side), [argument]) = (side, arguments) {
            return self.nearest_whole(side, function, argument, hint, span, env);
        }
        let terms: Vec<(&ast::Expr, &Env)> =
            arguments.iter().map(|argument| (argument, env)).collect();
        let terms = self.one_type(&terms, hint)?;
        let ty = terms.first()?.ty;
        let computed = ty.is_number() || ty == Ty::Duration || (ty.is_time() && name != "abs");
        if !computed {
            let first = arguments.first()?;
            self.not_a_number(first, ty);
            return None;
        }
        let kind = match name {
            "min" => ir::ExprKind::Min(terms),
            "max" => ir::ExprKind::Max(terms),
            _ => ir::ExprKind::Abs(Box::new(terms.into_iter().next()?)),
        };
        Some(ir::Expr {
            kind,
            ty,
            optional: false,
            span,
        })
    }

    /// Types terms that must be of one kind, each where it stands; literals take
    /// the others' type.
    pub(super) fn one_type(
        &mut self,
        terms: &[(&ast::Expr, &Env)],
        hint: Option<Ty>,
    ) -> Option<Vec<ir::Expr>> {
        let typed: Vec<Option<ir::Expr>> = terms
            .iter()
            .map(|(term, env)| {
                if is_literal(term) {
                    None
                } else {
                    self.expr(term, hint, env)
                }
            })
            .collect();
        let found = typed.iter().flatten().map(|term| term.ty).next();
        let any_broken = terms
            .iter()
            .zip(&typed)
            .any(|((term, _), typed)| typed.is_none() && !is_literal(term));
        if any_broken {
            return None;
        }
        let literal_hint = match found {
            // A fraction beside whole numbers makes all of them plain numbers.
            Some(Ty::Integer) | None if found.is_some() || hint.is_none() => None,
            None => hint,
            found => found,
        };
        let typed: Option<Vec<ir::Expr>> = terms
            .iter()
            .zip(typed)
            .map(|((term, env), typed)| typed.or_else(|| self.expr(term, literal_hint, env)))
            .collect();
        let mut typed = typed?;
        if typed.iter().any(|term| term.ty == Ty::Decimal) {
            typed = typed
                .into_iter()
                .map(|term| widen(term, Ty::Decimal))
                .collect();
        }
        let (first, rest) = typed.split_first()?;
        for term in rest {
            self.common_type(first, term)?;
        }
        let ty = first.ty;
        Some(typed.into_iter().map(|term| widen(term, ty)).collect())
    }
}

/// What is written here for a function that other languages have.
fn otherwise_written(name: &str) -> Option<&'static str> {
    Some(match name {
        "round" | "roundup" | "rounddown" => "a rounded to 2 digits",
        "mround" => "a rounded to a multiple of b",
        "mod" | "modulo" | "rem" => "remainder of a by b",
        "pow" | "power" => "a to the power of n",
        "ceil" => "ceiling(a)",
        "trunc" | "int" => "truncate(a)",
        "now" | "today" | "date" | "current_date" | "sysdate" => "decision_date",
        "avg" | "average" | "mean" => "average of p",
        "sum" | "sumif" => "sum of p",
        "count" | "countif" => "count of p",
        "isnumber" | "exists" | "notnull" => "a is present",
        "and" | "or" => "a and b",
        "not" => "not a",
        "len" => "length(t)",
        "ucase" | "uppercase" | "toupper" => "upper(t)",
        "lcase" | "lowercase" | "tolower" => "lower(t)",
        "concatenate" => "concat(a, b)",
        "isnull" | "isblank" | "isna" | "ismissing" => "a is missing",
        "coalesce" | "nvl" | "ifnull" => "a if missing b",
        "if" | "iif" | "case" | "ifs" => "if … then … else …",
        "datediff" | "datedif" | "days" | "months" | "years" => "days from a to b",
        _ => return None,
    })
}
