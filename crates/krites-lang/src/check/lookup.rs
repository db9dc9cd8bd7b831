//! Lookups: what is declared of their files, and the values that are read of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::convert::widen;
use super::expr::boolean;
use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::LookupId;
use crate::ir::{self, FieldType, FileColumn, FileTable};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Help, Span};

impl<'a> Checker<'a> {
    pub(super) fn declare_lookup(&mut self, decl: &'a ast::LookupDecl) {
        let meaning = match self.checked_lookup(decl) {
            Some(lookup) => Meaning::Lookup(self.lookups.push(lookup)),
            None => Meaning::Broken,
        };
        self.declare(&decl.name.text, meaning, decl.name.span);
    }

    fn checked_lookup(&mut self, decl: &ast::LookupDecl) -> Option<ir::Lookup> {
        let twice = self.report_columns_twice(decl);
        let key = self.key_type(&decl.key.ty, "the key of a lookup", true);
        let columns = decl.columns.iter();
        let columns: Vec<Option<(DeclaredTy, FileColumn)>> =
            columns.map(|column| self.file_column(column)).collect();
        let columns: Option<Vec<_>> = columns.into_iter().collect();
        let (key, columns) = (key?, columns?);
        let (types, columns) = columns.into_iter().unzip();
        (!twice).then(|| ir::Lookup {
            name: Arc::from(decl.name.text.as_str()),
            key: key.ty,
            columns: types,
            file: FileTable {
                path: Arc::from(decl.file.text.as_str()),
                key: self.column_of(&decl.key.name.text, key),
                columns,
                searched: false,
            },
            every_label: None,
            span: decl.name.span,
        })
    }

    fn report_columns_twice(&mut self, decl: &ast::LookupDecl) -> bool {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut twice = false;
        for column in std::iter::once(&decl.key).chain(&decl.columns) {
            let ast::Name { text, span } = &column.name;
            let Some(before) = seen.insert(text, *span) else {
                continue;
            };
            twice = true;
            self.report(
                Diagnostic::error(
                    codes::FILE_COLUMN_TWICE,
                    format!("`{}` names the column `{text}` twice", decl.name.text),
                    *span,
                )
                .label("named again here")
                .evidence(before, "first named here")
                .help("name each column of the file once"),
            );
        }
        twice
    }

    /// The type of keys, or of a list's values.
    pub(super) fn key_type(
        &mut self,
        written: &ast::TypeExpr,
        what: &str,
        labels: bool,
    ) -> Option<DeclaredTy> {
        let ty = self.declared_type(written)?;
        let may_be = match ty.ty {
            Ty::Text | Ty::Integer | Ty::Date => true,
            Ty::Enum(_) => labels,
            Ty::Decimal => !labels,
            _ => false,
        };
        let (headline, help) = match (ty.optional, may_be) {
            (false, true) => return Some(ty),
            (true, _) => (
                format!("{what} is never missing"),
                "leave out the `?`: a row without it is a mistake of the file".to_owned(),
            ),
            (false, false) => {
                let other = if labels { "an enum" } else { "a decimal" };
                let words = self.words(ty.ty);
                (
                    format!("{what} is not {words}"),
                    format!("declare a text, an integer, a date or {other}"),
                )
            }
        };
        self.report(Diagnostic::error(codes::KEY_TYPE, headline, written.span).help(help));
        None
    }

    fn file_column(&mut self, column: &ast::FileColumn) -> Option<(DeclaredTy, FileColumn)> {
        if let ast::TypeKind::Money { currency, .. } = &column.ty.kind
            && !is_code(&currency.text)
        {
            self.report(
                Diagnostic::error(
                    codes::COLUMN_TYPE,
                    "a file knows no currency of the case",
                    currency.span,
                )
                .label("no code of a currency")
                .help("say which currency its amounts are in, as in `money(EUR)`"),
            );
            return None;
        }
        let ty = self.declared_type(&column.ty)?;
        Some((ty, self.column_of(&column.name.text, ty)))
    }

    /// What a column of a file is, by its declared type.
    pub(super) fn column_of(&self, name: &str, ty: DeclaredTy) -> FileColumn {
        let field = match ty.ty {
            Ty::Integer => FieldType::Integer,
            Ty::Decimal | Ty::MoneyOf(_) | Ty::Float => FieldType::Decimal(ty.places),
            Ty::Percent => FieldType::Percent(ty.places),
            Ty::Money(currency) => FieldType::Money(currency, ty.places),
            Ty::Boolean => FieldType::Boolean,
            Ty::Text => FieldType::Text,
            Ty::Date => FieldType::Date,
            Ty::DateTime => FieldType::DateTime,
            Ty::Duration => FieldType::Duration,
            Ty::Enum(id) => {
                let labels = self.enums[id].labels.iter();
                FieldType::Label(labels.map(|label| label.wire.clone()).collect())
            }
        };
        FileColumn {
            name: Arc::from(name),
            ty: field,
            optional: ty.optional,
        }
    }

    /// Types `routing(intent).queue if none general`.
    pub(super) fn looked_up(
        &mut self,
        looked_up: &ast::LookupUse,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let found = self.find_lookup(&looked_up.lookup);
        let key = match looked_up.arguments.as_slice() {
            [key] => self.key(key, found, &looked_up.lookup, env),
            _ => {
                self.report_one_key(looked_up, found, span);
                None
            }
        };
        let id = found?;
        let column = self.lookup_column(id, looked_up);
        let ty = column.and_then(|column| self.lookups[id].columns.get(column).copied());
        let if_none = match &looked_up.if_none {
            None => None,
            Some(ast::IfNone::Fault) => Some(ir::IfNone::Fault),
            Some(ast::IfNone::Value(value)) => {
                let value = self.stands_in(value, ty?, looked_up, env)?;
                Some(ir::IfNone::Value(value))
            }
        };
        let (key, column, ty) = (key?, column?, ty?);
        let if_none = match if_none {
            Some(if_none) => if_none,
            None if matches!(self.lookups[id].key, Ty::Enum(_)) && !ty.optional => {
                self.lookups[id].every_label.get_or_insert(span);
                ir::IfNone::Proved
            }
            None => ir::IfNone::Missing,
        };
        Some(ir::Expr {
            optional: matches!(if_none, ir::IfNone::Missing),
            kind: ir::ExprKind::Lookup(Box::new(ir::LookupUse {
                lookup: id,
                column: u32::try_from(column).unwrap_or(u32::MAX),
                key,
                if_none,
            })),
            ty: ty.ty,
            span,
        })
    }

    /// Types `intent in lookup routing`.
    pub(super) fn in_lookup(
        &mut self,
        subject: &ast::Expr,
        lookup: &ast::Name,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let found = self.find_lookup(lookup);
        let key = self.key(subject, found, lookup, env)?;
        let kind = ir::ExprKind::InLookup(Box::new(key), found?);
        Some(boolean(kind, span))
    }

    fn key(
        &mut self,
        key: &ast::Expr,
        lookup: Option<LookupId>,
        name: &ast::Name,
        env: &Env,
    ) -> Option<ir::Expr> {
        let wanted = lookup.map(|id| self.lookups[id].key);
        let typed = self.expr(key, wanted, env)?;
        let wanted = wanted?;
        if typed.ty == wanted {
            return Some(typed);
        }
        let (found, keys) = (self.words(typed.ty), self.words(wanted));
        let mut diagnostic = Diagnostic::error(
            codes::KEY_OF_OTHERS,
            format!("a key of `{}` is {keys}", name.text),
            typed.span,
        )
        .label(self.declared_words(&typed, &found))
        .help(format!("look up a value that is {keys}"));
        if let Some((_, declared)) = self.names.get(&name.text) {
            diagnostic = diagnostic.evidence(declared, "the lookup");
        }
        self.report(diagnostic);
        None
    }

    /// Types what stands in for a row.
    fn stands_in(
        &mut self,
        value: &ast::Expr,
        ty: DeclaredTy,
        looked_up: &ast::LookupUse,
        env: &Env,
    ) -> Option<ir::Expr> {
        let typed = self.expr(value, Some(ty.ty), env)?;
        let typed = match ty.ty {
            Ty::Decimal => widen(typed, ty.ty),
            _ => typed,
        };
        if typed.ty == ty.ty {
            return Some(typed);
        }
        let (wanted, found) = (self.words(ty.ty), self.words(typed.ty));
        self.report(
            Diagnostic::error(
                codes::TYPES_DIFFER,
                format!("`{}` gives {wanted} here", looked_up.column.text),
                typed.span,
            )
            .label(format!("this is {found}"))
            .help("let what stands in be of the same kind"),
        );
        None
    }

    fn lookup_column(&mut self, id: LookupId, looked_up: &ast::LookupUse) -> Option<usize> {
        let ast::Name { text, span } = &looked_up.column;
        let columns = &self.lookups[id].file.columns;
        let found = columns.iter().position(|column| *column.name == **text);
        if found.is_some() {
            return found;
        }
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let help = match self.close(text, names.iter().copied()) {
            Some(close) => close.meant(),
            None => format!("its columns are {}", names.join(", ")).into(),
        };
        let declared = self.lookups[id].span;
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_COLUMN,
                format!("`{}` gives no `{text}`", looked_up.lookup.text),
                *span,
            )
            .evidence(declared, "declared here")
            .help(help),
        );
        None
    }

    fn report_one_key(&mut self, looked_up: &ast::LookupUse, found: Option<LookupId>, span: Span) {
        let Some(id) = found else {
            return;
        };
        let (name, column) = (&looked_up.lookup.text, &looked_up.column.text);
        let key = self.lookups[id].file.key.name.clone();
        self.report(
            Diagnostic::error(
                codes::ONE_KEY,
                format!("`{name}` is looked up by one key"),
                span,
            )
            .help(format!("write `{name}({key}).{column}`")),
        );
    }

    /// Reports a lookup that may have no row where a value must be there.
    pub(super) fn report_no_row(&mut self, looked_up: &ir::LookupUse, typed: &ir::Expr) {
        let lookup = &self.lookups[looked_up.lookup];
        let column = lookup.columns.get(looked_up.column as usize);
        let headline = match column.is_some_and(|column| column.optional) {
            true => format!(
                "`{}` may have no row for the key, or nothing in it",
                lookup.name
            ),
            false => format!("`{}` may have no row for the key", lookup.name),
        };
        let declared = lookup.span;
        let fill = match self.stand_in(typed.ty) {
            Some(fill) => format!("`if none {fill}` or "),
            None => String::new(),
        };
        self.report(
            Diagnostic::error(codes::NO_ROW_UNSAID, headline, typed.span)
                .evidence(declared, "declared here")
                .help(format!(
                    "say behind it what stands in, {fill}`if none fault`, or take it as it is in a definition with `?`"
                )),
        );
    }

    /// Reports a lookup that is called as a function is.
    pub(super) fn report_no_column(&mut self, id: LookupId, span: Span) {
        let lookup = &self.lookups[id];
        let first = lookup.file.columns.first();
        let column = first.map_or_else(String::new, |column| column.name.to_string());
        let (name, key) = (&lookup.name, &lookup.file.key.name);
        let diagnostic = Diagnostic::error(
            codes::NAME_A_COLUMN,
            format!("`{name}` gives a row, not a value"),
            span,
        )
        .evidence(lookup.span, "declared here")
        .help(format!("name one of its columns: `{name}({key}).{column}`"));
        self.report(diagnostic);
    }

    /// Reports a column of a lookup without a key; tells whether the path is one.
    pub(super) fn reports_column_without_key(&mut self, path: &ast::Path) -> bool {
        let Some((name, column)) = path.text.split_once('.') else {
            return false;
        };
        let Some((Meaning::Lookup(id), declared)) = self.names.get(name) else {
            return false;
        };
        let key = self.lookups[id].file.key.name.clone();
        self.report(
            Diagnostic::error(
                codes::NAME_A_COLUMN,
                format!("`{name}` gives values for a key, and there is none here"),
                path.span,
            )
            .evidence(declared, "declared here")
            .help(format!("look a key up: `{name}({key}).{column}`")),
        );
        true
    }

    fn find_lookup(&mut self, name: &ast::Name) -> Option<LookupId> {
        let diagnostic = match self.names.get(&name.text) {
            Some((Meaning::Lookup(id), _)) => return Some(id),
            Some((Meaning::Broken, _)) => return None,
            Some((meaning, declared)) => Diagnostic::error(
                codes::UNKNOWN_LOOKUP,
                format!(
                    "`{}` is {}, not a lookup",
                    name.text,
                    Self::kind_words(meaning)
                ),
                name.span,
            )
            .evidence(declared, "declared here")
            .help(match meaning {
                Meaning::NamedList(_) => {
                    format!("ask whether a value is in it: `x in list {}`", name.text)
                }
                Meaning::Function(_) => "a function gives one value, without a column".to_owned(),
                _ => "name a lookup here".to_owned(),
            }),
            None if self.names.unread => return None,
            None => {
                let lookups = self
                    .names
                    .having(|meaning| matches!(meaning, Meaning::Lookup(_)));
                let close = || match self.close(&name.text, lookups) {
                    Some(close) => close.meant(),
                    None => format!(
                        "declare it: `lookup {} from \"file.csv\" key code : text -> value : text`",
                        name.text
                    )
                    .into(),
                };
                let help = self.elsewhere(&name.text).map_or_else(close, Help::from);
                Diagnostic::error(
                    codes::UNKNOWN_LOOKUP,
                    format!("there is no lookup `{}`", name.text),
                    name.span,
                )
                .help(help)
            }
        };
        self.report(diagnostic);
        None
    }
}

/// Tells whether a word is written as the code of a currency is, be there one or not.
fn is_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}
