//! Any tree of an expression, however it came about, is printed so that it is read
//! as the same tree: brackets stand wherever one of its parts needs them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use krites_lang::ast::{
    Aggregate, AggregateKind, Bound, CellTest, CompareOp, DatePart, Definition, ElementPath, Expr,
    ExprKind, Factor, File, IsWhat, Item, MatchArm, Name, Notes, Path, ProductOp, Range, RoundTo,
    Rounding, SumOp, Text, TextTest, Unit,
};
use krites_lang::testing::tree;
use krites_lang::{Sources, Span, parse, print};

/// How many trees are tried
const TREES: usize = 8_000;
/// How deep a tree is
const DEPTH: usize = 4;

/// Names that mean something else in one place or another, and some that do not
const NAMES: &[&str] = &[
    "a",
    "b.c",
    "rule",
    "when",
    "to",
    "below",
    "above",
    "up",
    "fault",
    "list",
    "one",
    "days",
    "day",
    "year",
    "from",
    "remainder",
    "before",
    "otherwise",
    "none",
    "in",
    "x y",
    "count",
    "each",
    "over",
    "word",
    "starts",
    "with",
    "does",
];

/// Makes trees at random
struct Trees {
    state: u64,
    span: Span,
}

impl Trees {
    /// The next number below `count`, by `SplitMix64`.
    fn below(&mut self, count: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ bits >> 31) >> 1).unwrap() % count
    }

    fn toss(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn name(&mut self) -> Name {
        let text = self.one(NAMES).replace('.', "_");
        Name {
            text,
            span: self.span,
        }
    }

    fn path(&mut self) -> Path {
        Path {
            text: self.one(NAMES).to_owned(),
            span: self.span,
        }
    }

    fn several(&mut self, least: usize, depth: usize) -> Vec<Expr> {
        let count = least + self.below(3);
        (0..count).map(|_| self.expr(depth)).collect()
    }

    fn boxed(&mut self, depth: usize) -> Box<Expr> {
        Box::new(self.expr(depth))
    }

    fn maybe(&mut self, depth: usize) -> Option<Box<Expr>> {
        self.toss().then(|| self.boxed(depth))
    }

    fn unit(&mut self) -> Unit {
        self.one(&[
            Unit::Seconds,
            Unit::Minutes,
            Unit::Hours,
            Unit::Days,
            Unit::Weeks,
            Unit::Months,
            Unit::Years,
        ])
    }

    fn range(&mut self, depth: usize) -> Range {
        let kind = self.below(6);
        let mut bound = |inclusive| {
            let value = self.expr(depth);
            Some(Bound { value, inclusive })
        };
        let (low, high) = match kind {
            0 => (bound(true), bound(true)),
            1 => (bound(true), bound(false)),
            2 => (bound(true), None),
            3 => (bound(false), None),
            4 => (None, bound(true)),
            _ => (None, bound(false)),
        };
        let span = self.span;
        Range { low, high, span }
    }

    fn test(&mut self, depth: usize) -> CellTest {
        if self.toss() {
            CellTest::Range(self.range(depth))
        } else {
            let value = self.expr(depth);
            // A difference of numbers is refused here: it is meant as a range
            let is_sum = matches!(value.kind, ExprKind::Sum { .. });
            CellTest::Value(if is_sum { self.expr(0) } else { value })
        }
    }

    fn arm(&mut self, depth: usize) -> MatchArm {
        let count = self.below(3);
        MatchArm {
            tests: (0..count).map(|_| self.test(depth)).collect(),
            value: self.expr(depth),
            span: self.span,
        }
    }

    fn aggregate(&mut self, depth: usize) -> Aggregate {
        let kind = self.one(&[
            AggregateKind::Count,
            AggregateKind::Sum,
            AggregateKind::First,
            AggregateKind::Any,
            AggregateKind::Every,
        ]);
        let asks = matches!(kind, AggregateKind::Any | AggregateKind::Every);
        let slice = (2, 3, self.span);
        Aggregate {
            kind,
            item: (!asks && self.toss()).then(|| self.expr(depth)),
            over: ElementPath {
                path: self.path(),
                slice: self.toss().then_some(slice),
            },
            condition: (asks || self.toss()).then(|| self.expr(depth)),
            if_none: self.toss().then(|| self.expr(depth)),
        }
    }

    fn factor(&mut self, depth: usize) -> Factor {
        let op = self.one(&[ProductOp::Multiply, ProductOp::Divide]);
        let value = self.expr(depth);
        let if_zero = match op {
            ProductOp::Divide if self.toss() => Some(self.expr(depth)),
            _ => None,
        };
        Factor { op, value, if_zero }
    }

    fn expr(&mut self, depth: usize) -> Expr {
        let kind = if depth == 0 || self.below(6) == 0 {
            self.leaf()
        } else {
            self.node(depth - 1)
        };
        let span = self.span;
        Expr { kind, span }
    }

    fn leaf(&mut self) -> ExprKind {
        match self.below(10) {
            0 => ExprKind::Number(self.one(&["0", "1", "-1", "12345.60", "-99999"]).to_owned()),
            1 => ExprKind::Percent(self.one(&["4.9", "-1", "10000"]).to_owned()),
            2 => ExprKind::Text(self.one(&["", "a \"b\" \\ #\n|", "ä"]).to_owned()),
            3 => ExprKind::Date("2026-11-02".to_owned()),
            4 => ExprKind::Datetime("2026-11-02T14:30:00+01:00".to_owned()),
            5 => ExprKind::Boolean(self.toss()),
            6 => ExprKind::Index {
                path: self.path(),
                index: 3,
            },
            _ => ExprKind::Path(self.path()),
        }
    }

    fn node(&mut self, depth: usize) -> ExprKind {
        match self.below(26) {
            0 => ExprKind::Or(self.several(2, depth)),
            1 => ExprKind::And(self.several(2, depth)),
            2 => ExprKind::Not(self.boxed(depth)),
            3 => {
                let (op, worded) = self.one(&[
                    (CompareOp::Less, false),
                    (CompareOp::Less, true),
                    (CompareOp::LessOrEqual, false),
                    (CompareOp::Greater, false),
                    (CompareOp::Greater, true),
                    (CompareOp::GreaterOrEqual, false),
                ]);
                ExprKind::Compare {
                    op,
                    worded,
                    left: self.boxed(depth),
                    right: self.boxed(depth),
                }
            }
            4 => ExprKind::Is {
                subject: self.boxed(depth),
                negated: self.toss(),
                what: match self.below(4) {
                    0 => IsWhat::Present,
                    1 => IsWhat::Missing,
                    2 => IsWhat::OneOf(self.several(0, depth)),
                    _ => IsWhat::Value(self.boxed(depth)),
                },
            },
            5 => ExprKind::In {
                subject: self.boxed(depth),
                negated: self.toss(),
                range: Box::new(self.range(depth)),
            },
            6 | 7 => ExprKind::Sum {
                first: self.boxed(depth),
                rest: self
                    .several(1, depth)
                    .into_iter()
                    .map(|term| (self.one(&[SumOp::Add, SumOp::Subtract]), term))
                    .collect(),
            },
            8 | 9 => {
                let first = self.boxed(depth);
                let count = 1 + self.below(3);
                let rest = (0..count).map(|_| self.factor(depth)).collect();
                ExprKind::Product { first, rest }
            }
            10 | 11 => ExprKind::Negate(self.boxed(depth)),
            12 => ExprKind::IfMissing {
                subject: self.path(),
                index: self.toss().then_some(7),
                alternative: self.maybe(depth),
            },
            13 => ExprKind::Call {
                function: if self.toss() {
                    self.name()
                } else {
                    let Path { text, span } = self.path();
                    Name { text, span }
                },
                arguments: self.several(0, depth),
            },
            14 => ExprKind::Rounded {
                value: self.boxed(depth),
                mode: self.one(&[None, Some(Rounding::HalfUp), Some(Rounding::Down)]),
                to: match self.below(3) {
                    0 => RoundTo::Digits(1),
                    1 => RoundTo::Digits(2),
                    _ => RoundTo::MultipleOf(self.boxed(depth)),
                },
            },
            15 => ExprKind::Remainder {
                of: self.boxed(depth),
                by: self.boxed(depth),
                if_zero: self.maybe(depth),
            },
            16 => ExprKind::Power {
                base: self.boxed(depth),
                exponent: self.boxed(depth),
            },
            17 => ExprKind::Quantity {
                amount: self.boxed(depth),
                unit: self.unit(),
            },
            18 => match self.toss() {
                true => ExprKind::Between {
                    unit: self.unit(),
                    from: self.boxed(depth),
                    to: self.boxed(depth),
                },
                false => ExprKind::Part {
                    part: self.one(&[DatePart::Year, DatePart::Date, DatePart::Weekday]),
                    of: self.boxed(depth),
                },
            },
            19 => ExprKind::InList {
                subject: self.boxed(depth),
                negated: self.toss(),
                list: self.name(),
            },
            20 => ExprKind::TextTest {
                subject: self.boxed(depth),
                negated: self.toss(),
                test: match self.below(5) {
                    0 => TextTest::StartsWith(self.boxed(depth)),
                    1 => TextTest::EndsWith(self.boxed(depth)),
                    2 => TextTest::Contains(self.boxed(depth)),
                    3 => TextTest::ContainsWordIn(self.name()),
                    _ => TextTest::Matches(Text {
                        text: self.one(&["[a-z]+", "\\d\\.\\\\"]).to_owned(),
                        span: self.span,
                    }),
                },
            },
            21..24 => ExprKind::Aggregate(Box::new(self.aggregate(depth))),
            24 => {
                let count = 1 + self.below(2);
                ExprKind::If {
                    arms: (0..count)
                        .map(|_| (self.expr(depth), self.expr(depth)))
                        .collect(),
                    otherwise: self.boxed(depth),
                }
            }
            _ => {
                let count = self.below(3);
                let otherwise = if count == 0 {
                    Some(self.boxed(depth))
                } else {
                    self.maybe(depth)
                };
                ExprKind::Match {
                    subject: self.boxed(depth),
                    arms: (0..count).map(|_| self.arm(depth)).collect(),
                    otherwise,
                }
            }
        }
    }
}

#[test]
fn any_expression_is_read_as_it_was_made() {
    let mut sources = Sources::default();
    let source = sources.add("made.krites", "");
    let span = Span {
        source,
        start: 0,
        end: 0,
    };
    let mut trees = Trees { state: 1, span };
    let mut failures = Vec::new();
    for number in 0..TREES {
        let name = trees.path();
        let value = trees.expr(DEPTH);
        let definition = Definition {
            name,
            ty: None,
            value,
            span,
        };
        let made = File {
            source,
            items: vec![Item::Define(vec![definition])],
            places: vec![span],
            notes: Notes::default(),
            modules: Vec::new(),
            sheets: Vec::new(),
            class_names: Vec::new(),
        };
        let printed = print(&made).unwrap();
        let mut sources = Sources::default();
        let source = sources.add("printed.krites", printed.as_str());
        let mut diagnostics = Vec::new();
        let read = parse(&sources, source, &mut diagnostics);
        if let Some(found) = diagnostics.first() {
            failures.push(format!("{number}: {}\n{printed}", found.headline));
        } else if tree(&read) != tree(&made) {
            let (made, read) = (tree(&made), tree(&read));
            failures.push(format!(
                "{number}: read otherwise\n{printed}\n{made}\n{read}"
            ));
        }
    }
    failures.sort_by_key(String::len);
    let count = failures.len();
    failures.truncate(3);
    assert!(
        failures.is_empty(),
        "{count} of {TREES}\n\n{}",
        failures.join("\n\n")
    );
}
