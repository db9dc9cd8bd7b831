//! Written types become declared types.

use super::codes;
use super::currency::money_of;
use super::names::Meaning;
use super::{Checker, describe};
use crate::ast::{TypeExpr, TypeKind};
use crate::diagnostic::Near;
use crate::types::{Currency, DeclaredTy, Ty};
use crate::{Diagnostic, Help};

const BUILT_IN: [&str; 9] = [
    "integer", "decimal", "percent", "money", "boolean", "text", "date", "datetime", "duration",
];

impl Checker<'_> {
    /// Resolves a written type; reports one that does not exist.
    pub(super) fn declared_type(&mut self, written: &TypeExpr) -> Option<DeclaredTy> {
        let (ty, places) = match &written.kind {
            TypeKind::Integer => (Ty::Integer, None),
            TypeKind::Decimal(places) => (Ty::Decimal, *places),
            // Two digits of the percentage are four of the fraction.
            TypeKind::Percent(places) => {
                (Ty::Percent, places.map(|places| places.saturating_add(2)))
            }
            TypeKind::Money {
                currency,
                unrounded,
            } => {
                let Some(found) = Currency::parse(&currency.text) else {
                    let input = self.case_currency(currency, None)?;
                    return Some(money_of(input, written));
                };
                (Ty::Money(found), (!unrounded).then(|| found.minor_digits()))
            }
            TypeKind::Boolean => (Ty::Boolean, None),
            TypeKind::Text => (Ty::Text, None),
            TypeKind::Date => (Ty::Date, None),
            TypeKind::Datetime => (Ty::DateTime, None),
            TypeKind::Duration => (Ty::Duration, None),
            TypeKind::List(_) => {
                self.list_is_no_value(written);
                return None;
            }
            TypeKind::Named(name) => match self.names.get(&name.text) {
                Some((Meaning::Enum(id), _)) => (Ty::Enum(id), None),
                Some((Meaning::Record(_), declared)) => {
                    self.record_is_no_value(name, declared);
                    return None;
                }
                Some((Meaning::Broken, _)) => return None,
                _ => {
                    self.unknown_type(name);
                    return None;
                }
            },
        };
        if let Some(places) = places.filter(|places| *places > 28) {
            self.report(
                Diagnostic::error(
                    codes::NUMBER_TOO_LONG,
                    format!(
                        "{places} digits behind the point are more than the 28 that numbers carry"
                    ),
                    written.span,
                )
                .help(match written.kind {
                    TypeKind::Percent(_) => {
                        "two of them go to the hundredths: declare at most `percent(26)`"
                    }
                    _ => "declare fewer digits, as in `decimal(4)`",
                }),
            );
            return None;
        }
        Some(DeclaredTy {
            ty,
            optional: written.optional,
            places,
            minor_unit: false,
        })
    }

    fn unknown_type(&mut self, name: &crate::ast::Name) {
        if self.names.unread {
            return;
        }
        let enums: Vec<String> = self
            .names
            .having(|meaning| matches!(meaning, Meaning::Enum(_) | Meaning::Record(_)))
            .map(str::to_owned)
            .collect();
        let known = BUILT_IN.into_iter().chain(enums.iter().map(String::as_str));
        let usual = otherwise_called(&name.text);
        let usual = usual.map(|name| Near {
            name,
            certain: true,
        });
        let close = || match usual.or_else(|| self.close(&name.text, known)) {
            Some(Near { name: "money", .. }) => "did you mean `money(EUR)`?".into(),
            Some(close) => close.meant(),
            None => format!(
                "use one of {}, or declare `enum {} {{ … }}`",
                BUILT_IN.join(", "),
                name.text
            )
            .into(),
        };
        let help = self.elsewhere(&name.text).map_or_else(close, Help::from);
        // A bare word beside a value of this type may be its label.
        self.names.unread_enums = true;
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_TYPE,
                format!("there is no type `{}`", name.text),
                name.span,
            )
            .help(help),
        );
    }

    /// Returns a type as the policy writes it.
    pub(super) fn spelled(&self, ty: Ty) -> String {
        match ty {
            Ty::Integer => "integer".to_owned(),
            Ty::Decimal => "decimal".to_owned(),
            Ty::Percent => "percent".to_owned(),
            Ty::Money(currency) => format!("money({})", currency.code()),
            Ty::Boolean => "boolean".to_owned(),
            Ty::Text => "text".to_owned(),
            Ty::Date => "date".to_owned(),
            Ty::MoneyOf(input) => format!("money({})", self.inputs[input].name),
            Ty::DateTime => "datetime".to_owned(),
            Ty::Duration => "duration".to_owned(),
            Ty::Float => "decimal model only".to_owned(),
            Ty::Enum(id) => self.enums[id].name.clone(),
        }
    }

    /// Returns the words for a type in diagnostics.
    pub(super) fn words(&self, ty: Ty) -> String {
        match ty {
            Ty::MoneyOf(input) => {
                format!("money in the currency of `{}`", self.inputs[input].name)
            }
            Ty::Enum(id) => describe(ty, &self.enums) + &self.file_of_enum(id),
            ty => describe(ty, &self.enums),
        }
    }
}

/// What a type of other languages is called here.
fn otherwise_called(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "float" | "double" | "real" | "number" | "numeric" => "decimal",
        "int" | "long" | "whole" => "integer",
        "string" | "str" | "varchar" | "char" => "text",
        "bool" => "boolean",
        "timestamp" | "time" => "datetime",
        "percentage" => "percent",
        "currency" => "money",
        _ => return None,
    })
}
