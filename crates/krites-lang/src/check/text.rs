//! What is asked of texts, and what is made of them.

use super::expr::boolean;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::{List, PatternId};
use crate::ir::{self, TextFunction};
use crate::pattern::{Pattern, PatternProblem};
use crate::types::Ty;
use crate::{Diagnostic, MAX_PATTERN, MAX_PATTERN_SIZE, MAX_PATTERNS_SIZE, Span};

/// The functions of texts, each as it is called
pub(super) const FUNCTIONS: [(&str, &str); 7] = [
    ("lower", "lower(a)"),
    ("upper", "upper(a)"),
    ("trim", "trim(a)"),
    ("length", "length(a)"),
    ("left", "left(a, 3)"),
    ("right", "right(a, 3)"),
    ("concat", "concat(a, b)"),
];

/// The patterns of a policy, each once
#[derive(Default)]
pub(super) struct Patterns {
    pub(super) all: List<PatternId, Pattern>,
    known: std::collections::HashMap<String, PatternId>,
    size: usize,
}

impl Checker<'_> {
    pub(super) fn text_test(
        &mut self,
        subject: &ast::Expr,
        test: &ast::TextTest,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let subject = self.text(subject, env);
        let mut part = |part: &ast::Expr| self.text(part, env).map(Box::new);
        let test = match test {
            ast::TextTest::StartsWith(value) => part(value).map(ir::TextTest::StartsWith),
            ast::TextTest::EndsWith(value) => part(value).map(ir::TextTest::EndsWith),
            ast::TextTest::Contains(value) => part(value).map(ir::TextTest::Contains),
            ast::TextTest::ContainsWordIn(list) => {
                self.word_list(list).map(ir::TextTest::ContainsWordIn)
            }
            ast::TextTest::Matches(pattern) => self.pattern(pattern).map(ir::TextTest::Matches),
        };
        let kind = ir::ExprKind::TextTest(Box::new(subject?), test?);
        Some(boolean(kind, span))
    }

    /// Types a call of one of [`FUNCTIONS`].
    pub(super) fn text_call(
        &mut self,
        name: &str,
        arguments: &[ast::Expr],
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (fits, takes) = match name {
            "concat" => (arguments.len() >= 2, "two arguments or more"),
            "left" | "right" => (arguments.len() == 2, "two arguments"),
            _ => (arguments.len() == 1, "one argument"),
        };
        if !fits {
            let usage = FUNCTIONS.iter().find(|(known, _)| *known == name);
            self.report(
                Diagnostic::error(
                    codes::ARGUMENT_COUNT,
                    format!("`{name}` takes {takes}"),
                    span,
                )
                .help(format!(
                    "write `{}`",
                    usage.map_or(name, |(_, usage)| usage)
                )),
            );
            return None;
        }
        let typed: Vec<Option<ir::Expr>> = arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| match name {
                "left" | "right" if at == 1 => {
                    let count = self.expr(argument, Some(Ty::Integer), env)?;
                    self.coerce(count, Ty::Integer)
                }
                _ => self.text(argument, env),
            })
            .collect();
        let mut typed = typed.into_iter().collect::<Option<Vec<ir::Expr>>>()?;
        let (kind, ty) = match name {
            "length" => (ir::ExprKind::Length(Box::new(typed.pop()?)), Ty::Integer),
            _ => {
                let function = match name {
                    "lower" => TextFunction::Lower,
                    "upper" => TextFunction::Upper,
                    "trim" => TextFunction::Trim,
                    "left" => TextFunction::Left,
                    "right" => TextFunction::Right,
                    _ => TextFunction::Concat,
                };
                (ir::ExprKind::Text(function, typed), Ty::Text)
            }
        };
        Some(ir::Expr {
            kind,
            ty,
            optional: false,
            span,
        })
    }

    /// Types an expression that must be a text.
    fn text(&mut self, expr: &ast::Expr, env: &Env) -> Option<ir::Expr> {
        let typed = self.expr(expr, Some(Ty::Text), env)?;
        if typed.ty == Ty::Text {
            return Some(typed);
        }
        let found = self.words(typed.ty);
        let mut diagnostic =
            Diagnostic::error(codes::NOT_A_TEXT, "text is needed here", typed.span)
                .label(self.declared_words(&typed, &found))
                .help(match typed.ty {
                    Ty::Enum(_) => "ask for the labels that are meant: `is one of [a, b]`",
                    Ty::Boolean => "a condition stands by itself, joined by `and` or `or`",
                    _ => "ask for its value: `is 1`, `in 1 to 5`, or `in list …`",
                });
        if let Some(declared) = self.declared_at(&typed) {
            diagnostic = diagnostic.evidence(declared, "declared here");
        }
        self.report(diagnostic);
        None
    }

    fn pattern(&mut self, written: &ast::Text) -> Option<PatternId> {
        if let Some(known) = self.patterns.known.get(&written.text) {
            return Some(*known);
        }
        match Pattern::new(&written.text) {
            Ok(pattern) => {
                let before = self.patterns.size;
                self.patterns.size = before.saturating_add(pattern.size());
                if self.patterns.size > MAX_PATTERNS_SIZE {
                    // Said once: all further patterns are as many too many
                    if before <= MAX_PATTERNS_SIZE {
                        self.report_patterns(written.span);
                    }
                    return None;
                }
                let id = self.patterns.all.push(pattern);
                self.patterns.known.insert(written.text.clone(), id);
                Some(id)
            }
            Err(problem) => {
                self.report_pattern(&problem, written.span);
                None
            }
        }
    }

    fn report_pattern(&mut self, problem: &PatternProblem, quoted: Span) {
        let diagnostic = match problem {
            PatternProblem::Unreadable { what, at } => {
                let byte = |at: usize| {
                    let inner = quoted.start.saturating_add(1);
                    inner.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
                };
                let place = Span {
                    start: byte(at.start),
                    end: byte(at.end),
                    ..quoted
                };
                let help = if what.contains("look-around") || what.contains("backreference") {
                    "write a second condition instead, joined by `and` or `or`"
                } else {
                    "a sign that stands for itself takes a backslash: `\\(`, `\\.`, `\\+`"
                };
                Diagnostic::error(
                    codes::PATTERN_UNREADABLE,
                    "this pattern cannot be read",
                    place,
                )
                .label(what)
                .help(help)
            }
            PatternProblem::TooLong => Diagnostic::error(
                codes::PATTERN_TOO_LARGE,
                format!("this pattern is longer than {MAX_PATTERN} bytes"),
                quoted,
            )
            .help("hold the text against a named list, or split the pattern"),
            PatternProblem::TooLarge => Diagnostic::error(
                codes::PATTERN_TOO_LARGE,
                format!(
                    "this pattern takes more than {} MB when it is compiled",
                    MAX_PATTERN_SIZE >> 20
                ),
                quoted,
            )
            .help("ask for fewer repetitions, or for `[0-9]` and `[A-Za-z]` where `\\d` and `\\w` stand for all scripts"),
        };
        self.report(diagnostic);
    }

    fn report_patterns(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::PATTERN_TOO_LARGE,
                format!(
                    "the patterns of this policy take more than {} MB together",
                    MAX_PATTERNS_SIZE >> 20
                ),
                span,
            )
            .label("from this one on")
            .help("put texts that are held against one by one into a named list"),
        );
    }
}
