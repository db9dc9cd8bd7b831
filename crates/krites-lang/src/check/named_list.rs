//! Named lists: what they hold, and what is held against them.

use std::cmp::Ordering;

use super::convert::widen;
use super::expr::boolean;
use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind};
use crate::ids::{List, NamedListId};
use crate::ir::{self, FileTable, ListValues, Literal};
use crate::types::Ty;
use crate::words::words;
use crate::{Diagnostic, Exact, Help, MAX_NAMED_LIST, Span};

impl<'a> Checker<'a> {
    pub(super) fn declare_named_list(&mut self, decl: &'a ast::NamedListDecl) {
        let meaning = match self.named_list(decl) {
            Some(list) => Meaning::NamedList(self.named_lists.push(list)),
            None => Meaning::Broken,
        };
        self.declare(&decl.name.text, meaning, decl.name.span);
    }

    fn named_list(&mut self, decl: &ast::NamedListDecl) -> Option<ir::NamedList> {
        let written = match &decl.values {
            ast::ListValues::Written(written) => written,
            ast::ListValues::File(file) => return self.list_in_file(decl, file),
        };
        if let Some(beyond) = written.get(MAX_NAMED_LIST) {
            self.report(
                Diagnostic::error(
                    codes::LIST_TOO_LONG,
                    format!(
                        "`{}` holds more than {MAX_NAMED_LIST} values",
                        decl.name.text
                    ),
                    beyond.span,
                )
                .label("one too many")
                .help("split it into two lists: `x in list a or x in list b`"),
            );
            return None;
        }
        let typed: Vec<Option<ir::Expr>> =
            written.iter().map(|value| self.list_value(value)).collect();
        let mut typed = typed.into_iter().collect::<Option<Vec<ir::Expr>>>()?;
        let decimal = typed.iter().any(|value| value.ty == Ty::Decimal);
        if decimal {
            typed = typed
                .into_iter()
                .map(|value| widen(value, Ty::Decimal))
                .collect();
        }
        let first = typed.first()?;
        if let Some(other) = typed.iter().find(|value| value.ty != first.ty) {
            let (first_words, other_words) = (self.words(first.ty), self.words(other.ty));
            self.report(
                Diagnostic::error(
                    codes::LIST_VALUE_KIND,
                    format!("`{}` holds values of two kinds", decl.name.text),
                    other.span,
                )
                .label(format!("this is {other_words}"))
                .evidence(first.span, format!("this is {first_words}"))
                .help("write numbers that are names, such as codes with letters, in quotes, all of them"),
            );
            return None;
        }
        let ty = first.ty;
        let values: Vec<(Literal, Span)> = typed
            .into_iter()
            .filter_map(|value| match value.kind {
                ir::ExprKind::Literal(literal) => Some((literal, value.span)),
                _ => None,
            })
            .collect();
        self.check_repeated(&values);
        Some(ir::NamedList {
            name: decl.name.text.as_str().into(),
            ty,
            values: ListValues::Constants(values.into_iter().map(|(value, _)| value).collect()),
            span: decl.name.span,
        })
    }

    fn list_in_file(
        &mut self,
        decl: &ast::NamedListDecl,
        file: &ast::ListFile,
    ) -> Option<ir::NamedList> {
        let ty = self.key_type(&file.ty, "a value of a list", false)?;
        let column = file.column.as_ref().map(|column| column.text.as_str());
        let name = decl.name.text.as_str();
        Some(ir::NamedList {
            name: name.into(),
            ty: ty.ty,
            values: ListValues::File(FileTable {
                path: file.file.text.as_str().into(),
                key: self.column_of(column.unwrap_or(name), ty),
                columns: Vec::new(),
                searched: false,
            }),
            span: decl.name.span,
        })
    }

    /// Returns the lists, those in files with whether texts are searched for them.
    pub(super) fn take_named_lists(&mut self) -> List<NamedListId, ir::NamedList> {
        for id in &self.word_lists {
            if let ListValues::File(file) = &mut self.named_lists[*id].values {
                file.searched = true;
            }
        }
        std::mem::take(&mut self.named_lists)
    }

    fn list_value(&mut self, value: &ast::Expr) -> Option<ir::Expr> {
        if matches!(
            value.kind,
            ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Date(_)
        ) {
            return self.literal(value, None);
        }
        self.report(
            Diagnostic::error(
                codes::LIST_VALUE_KIND,
                "a named list holds texts, numbers or dates",
                value.span,
            )
            .label("this is none of them")
            .help(match value.kind {
                ExprKind::Percent(_) => "write the fraction, such as `0.08`",
                _ => "put a text in quotes",
            }),
        );
        None
    }

    fn check_repeated(&mut self, values: &[(Literal, Span)]) {
        let mut sorted: Vec<&(Literal, Span)> = values.iter().collect();
        // Stable: of equal values the one written first comes first
        sorted.sort_by(|(one, _), (other, _)| order(one, other));
        for pair in sorted.windows(2) {
            if let [(one, before), (other, span)] = pair
                && order(one, other) == Ordering::Equal
            {
                self.report(
                    Diagnostic::error(
                        codes::LIST_VALUE_TWICE,
                        "this value stands twice in the list",
                        *span,
                    )
                    .label("again here")
                    .evidence(*before, "first written here")
                    .help("keep one of the two"),
                );
            }
        }
    }

    pub(super) fn in_list(
        &mut self,
        subject: &ast::Expr,
        list: &ast::Name,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let found = self.find_list(list);
        let hint = found.map(|id| self.named_lists[id].ty);
        let subject = self.expr(subject, hint, env)?;
        let id = found?;
        let (subject, id) = match (subject.ty, self.named_lists[id].ty) {
            (one, other) if one == other => (subject, id),
            (Ty::Integer, Ty::Decimal) => (widen(subject, Ty::Decimal), id),
            (Ty::Decimal, Ty::Integer) => (subject, self.as_decimals(id)),
            _ => {
                self.report_list_kind(&subject, id, list);
                return None;
            }
        };
        let kind = ir::ExprKind::InList(Box::new(subject), id);
        Some(boolean(kind, span))
    }

    /// The list whose words a text may contain.
    pub(super) fn word_list(&mut self, name: &ast::Name) -> Option<NamedListId> {
        let id = self.find_list(name)?;
        if self.word_lists.contains(&id) {
            return Some(id);
        }
        let list = &self.named_lists[id];
        let declared = self.names.get(&name.text).map(|(_, span)| span);
        let problem = if list.ty != Ty::Text {
            let holds = in_words(list.ty);
            Some((
                codes::LIST_OF_OTHERS,
                format!("`{}` holds {holds}, not words", name.text),
                "put the numbers in quotes where they stand for words".to_owned(),
            ))
        } else {
            let written = match &list.values {
                ListValues::Constants(written) => written.as_slice(),
                // Known once the file is loaded
                ListValues::File(_) => &[],
            };
            let wordless = written.iter().find_map(|value| match value {
                Literal::Text(text) if words(text).next().is_none() => Some(text),
                _ => None,
            });
            wordless.map(|text| {
                (
                    codes::NO_WORD,
                    format!("`\"{text}\"` of `{}` has no word in it", name.text),
                    format!("words are made of letters and digits; ask `contains \"{text}\"`, and take it out of the list"),
                )
            })
        };
        let Some((code, headline, help)) = problem else {
            self.word_lists.insert(id);
            return Some(id);
        };
        let mut diagnostic = Diagnostic::error(code, headline, name.span).help(help);
        if let Some(declared) = declared {
            diagnostic = diagnostic.evidence(declared, "declared here");
        }
        self.report(diagnostic);
        None
    }

    fn find_list(&mut self, name: &ast::Name) -> Option<NamedListId> {
        let diagnostic = match self.names.get(&name.text) {
            Some((Meaning::NamedList(id), _)) => return Some(id),
            Some((Meaning::Broken, _)) => return None,
            Some((meaning, declared)) => Diagnostic::error(
                codes::UNKNOWN_LIST,
                format!(
                    "`{}` is {}, not a list",
                    name.text,
                    Self::kind_words(meaning)
                ),
                name.span,
            )
            .evidence(declared, "declared here")
            .help("declare a list, as in `list names = a, b`, or compare: `is one of [a, b]`"),
            None if self.names.unread => return None,
            None => {
                let lists = self
                    .names
                    .having(|meaning| matches!(meaning, Meaning::NamedList(_)));
                let close = || match self.close(&name.text, lists) {
                    Some(close) => close.meant(),
                    None => format!("declare it: `list {} = a, b, \"c d\"`", name.text).into(),
                };
                let help = self.elsewhere(&name.text).map_or_else(close, Help::from);
                Diagnostic::error(
                    codes::UNKNOWN_LIST,
                    format!("there is no list `{}`", name.text),
                    name.span,
                )
                .help(help)
            }
        };
        self.report(diagnostic);
        None
    }

    /// A list of whole numbers as one of plain numbers.
    fn as_decimals(&mut self, id: NamedListId) -> NamedListId {
        if let Some(known) = self.decimal_lists.get(&id) {
            return *known;
        }
        let list = &self.named_lists[id];
        let ListValues::Constants(values) = &list.values else {
            // What is loaded of a file is found by its value, whole or plain
            return id;
        };
        let values = values.iter().map(|value| match value {
            Literal::Integer(whole) => Literal::Exact(Exact::from_integer(*whole)),
            value => value.clone(),
        });
        let widened = ir::NamedList {
            name: list.name.clone(),
            ty: Ty::Decimal,
            values: ListValues::Constants(values.collect()),
            span: list.span,
        };
        let widened = self.named_lists.push(widened);
        self.decimal_lists.insert(id, widened);
        widened
    }

    fn report_list_kind(&mut self, subject: &ir::Expr, id: NamedListId, name: &ast::Name) {
        let found = self.words(subject.ty);
        let holds = in_words(self.named_lists[id].ty);
        let headline = match self.value_name(subject) {
            Some(value) => format!("`{value}` is {found}, `{}` holds {holds}", name.text),
            None => format!("{found} is never in `{}`, which holds {holds}", name.text),
        };
        let mut diagnostic = Diagnostic::error(codes::LIST_OF_OTHERS, headline, subject.span)
            .label(self.declared_words(subject, &found))
            .help(match subject.ty {
                Ty::Enum(_) => "list the labels that are meant: `is one of [a, b]`",
                Ty::Text => "put the values of the list in quotes",
                _ => "hold texts, numbers and dates against a list of their own kind",
            });
        if let Some((_, declared)) = self.names.get(&name.text) {
            diagnostic = diagnostic.evidence(declared, "the list");
        }
        self.report(diagnostic);
    }
}

/// What the values of a list are, in the plural.
fn in_words(ty: Ty) -> &'static str {
    match ty {
        Ty::Text => "texts",
        Ty::Integer => "whole numbers",
        Ty::Date => "dates",
        _ => "plain numbers",
    }
}

/// Orders values of one kind.
fn order(one: &Literal, other: &Literal) -> Ordering {
    match (one, other) {
        (Literal::Text(one), Literal::Text(other)) => one.cmp(other),
        _ => one.order(other).unwrap_or(Ordering::Equal),
    }
}
