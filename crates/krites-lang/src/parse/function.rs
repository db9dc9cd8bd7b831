//! `function name(…) : type = …`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{Binding, Expr, FunctionDecl, Item, Parameter};
use crate::scan::{Node, span};
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    pub(super) fn function(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::function_head, node, rest);
        let mut name = None;
        let mut parameters = Vec::new();
        let mut ty = None;
        let mut value = None;
        for inner in head.into_iter().flat_map(Pair::into_inner) {
            match inner.as_rule() {
                Rule::name => name = Some(self.name(&inner)),
                Rule::parameter => parameters.extend(self.parameter(&inner)),
                Rule::type_expr => ty = Some(self.type_expr(&inner)),
                Rule::expression => value = Some(self.expression(inner)),
                _ => {}
            }
        }
        let (name, ty) = (name?, ty?);
        let (bindings, value) = match (&node.body, value) {
            (None, Some(value)) => (Vec::new(), value),
            (Some(entries), None) => self.function_body(entries, node)?,
            (Some(_), Some(value)) => {
                self.no_body(node, "function");
                (Vec::new(), value)
            }
            (None, None) => {
                let place = span(self.source, node.head.end, node.head.end);
                self.report_no_value(place);
                return None;
            }
        };
        Some(Item::Function(FunctionDecl {
            name,
            parameters,
            ty,
            bindings,
            value,
            span: self.span_of(node),
        }))
    }

    fn parameter(&mut self, pair: &Pair<'_>) -> Option<Parameter> {
        let name = part(pair, Rule::name).map(|name| self.name(&name));
        let ty = part(pair, Rule::type_expr).map(|ty| self.type_expr(&ty));
        let range = part(pair, Rule::in_range).and_then(|range| self.in_range(&range));
        Some(Parameter {
            name: name?,
            ty: ty?,
            range,
        })
    }

    /// Builds the values of a function's own and the result behind them.
    fn function_body(&mut self, entries: &[Node], node: &Node) -> Option<(Vec<Binding>, Expr)> {
        let mut bindings = Vec::new();
        let mut result: Option<Expr> = None;
        let mut sound = true;
        for entry in entries {
            let place = self.span_of(entry);
            if let Some(before) = &result {
                let before = before.span;
                self.report(
                    Diagnostic::error(Code(142), "the result of a function comes last", place)
                        .label("never used")
                        .evidence(before, "this is the result")
                        .help("give each value but the last one a name: `r = rate / 12`"),
                );
                return None;
            }
            let Some(pair) = self.entry(Rule::function_entry, entry) else {
                sound = false;
                continue;
            };
            let Some(inner) = pair.into_inner().next() else {
                continue;
            };
            match inner.as_rule() {
                Rule::binding => bindings.extend(self.binding(&inner, place)),
                _ => result = Some(self.expression(inner)),
            }
        }
        if result.is_none() && sound {
            let end = u32::try_from(node.end).unwrap_or(u32::MAX);
            self.report_no_value(Span {
                start: end.saturating_sub(1),
                ..span(self.source, node.end, node.end)
            });
        }
        sound.then_some((bindings, result?))
    }

    fn binding(&mut self, pair: &Pair<'_>, span: Span) -> Option<Binding> {
        let name = part(pair, Rule::name).map(|name| self.name(&name));
        let ty = part(pair, Rule::type_expr).map(|ty| self.type_expr(&ty));
        let value = part(pair, Rule::expression).map(|value| self.expression(value));
        Some(Binding {
            name: name?,
            ty,
            value: value?,
            span,
        })
    }

    fn report_no_value(&mut self, place: Span) {
        self.report(
            Diagnostic::error(Code(142), "the function has no result", place)
                .label("expected a value here")
                .help("write `function half(x : decimal) : decimal = x / 2`"),
        );
    }
}
