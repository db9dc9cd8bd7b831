//! What a policy is made of, construct by construct.

mod table;
mod value_items;
mod verdict;

use std::collections::BTreeSet;

use krites_lang::ast::{
    Adverse, AggregateKind, AssignedValue, Cell, CellKind, CellTest, CompareOp, Expr, ExprKind,
    File, Given, GroupDecl, IfNone, InputEntry, InputField, IsWhat, Item, ListValues, OutputPart,
    OutsideTraining, ProductOp, Range, RoundTo, SumOp, TextTest, TypeExpr, TypeKind,
};

/// Tells what a policy is made of; every name is one of [`CONSTRUCTS`](crate::CONSTRUCTS).
#[must_use]
pub fn census(file: &File) -> BTreeSet<&'static str> {
    let mut census = Census::default();
    for item in &file.items {
        census.item(item);
    }
    census.seen
}

#[derive(Default)]
struct Census {
    seen: BTreeSet<&'static str>,
}

impl Census {
    fn see(&mut self, construct: &'static str) {
        self.seen.insert(construct);
    }

    fn see_if(&mut self, holds: bool, construct: &'static str) {
        if holds {
            self.see(construct);
        }
    }

    fn group(&mut self, group: &GroupDecl) {
        self.see("inputs on request");
        self.see_if(group.stale_after.is_some(), "stale after");
        self.see_if(group.on_fault.is_some(), "on fault of a group");
        group.fields.iter().for_each(|field| self.field(field));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Policy(header) => {
                self.see_if(header.on_fault.is_some(), "on fault in the header");
                use krites_lang::ast::Rounding;
                match header.rounding {
                    Some((Rounding::HalfUp, _)) => self.see("rounding half up"),
                    Some((Rounding::HalfEven, _)) => self.see("rounding half even"),
                    Some((Rounding::HalfDown, _)) => self.see("rounding half down"),
                    Some((Rounding::Up, _)) => self.see("rounding up"),
                    Some((Rounding::Down, _)) => self.see("rounding down"),
                    None => {}
                }
            }
            Item::Reason(reason) => {
                self.see_if(
                    reason.customer.is_some(),
                    "reason with the customer's wording",
                );
            }
            Item::Enum(decl) => {
                self.see_if(decl.ordered, "enum with order");
                let labels = &decl.labels;
                self.see_if(
                    labels.iter().any(|label| label.wire.is_some()),
                    "enum with wire text",
                );
                self.see_if(
                    labels.iter().any(|label| label.code.is_some()),
                    "enum with codes",
                );
            }
            Item::Record(record) => {
                self.see("record");
                record.fields.iter().for_each(|field| self.field(field));
            }
            Item::Lookup(_) => self.see("lookup"),
            Item::List(list) => self.see(match &list.values {
                ListValues::Written(_) => "named list",
                ListValues::File(_) => "list from a file",
            }),
            Item::Function(function) => {
                if function.bindings.is_empty() {
                    self.see("function of one value");
                } else {
                    self.see("function with own values");
                }
                self.ty(&function.ty);
                for binding in &function.bindings {
                    binding.ty.iter().for_each(|ty| self.ty(ty));
                    self.expr(&binding.value);
                }
                self.expr(&function.value);
            }
            Item::Input(decl) => {
                for entry in decl {
                    match entry {
                        InputEntry::Field(field) => self.field(field),
                        InputEntry::Group(group) => self.group(group),
                    }
                }
            }
            Item::Define(definitions) => {
                for definition in definitions {
                    self.see("definition");
                    definition.ty.iter().for_each(|ty| self.ty(ty));
                    self.expr(&definition.value);
                }
            }
            Item::Bands(decl) => self.bands(decl),
            Item::Calibration(decl) => self.calibration(decl),
            Item::Cascade(decl) => self.cascade(decl),
            Item::Scorecard(decl) => self.scorecard(decl),
            Item::Model(model) => {
                self.see("model");
                self.see_if(model.within_ms.is_some(), "model within");
                self.see_if(model.shadow.is_some(), "model in shadow");
                match model.outside_training {
                    Some((OutsideTraining::Fault, _)) => self.see("outside training range fault"),
                    Some((OutsideTraining::Record, _)) => self.see("outside training range record"),
                    None => {}
                }
                self.see_if(model.on_fault.is_some(), "model on fault");
                self.see_if(model.stand_in.is_some(), "model on fault use");
                self.see_if(model.each.is_some(), "model for each of");
                if let Some(reasons) = &model.reasons {
                    self.see("model reasons");
                    self.see_if(reasons.verified.is_some(), "model reasons verified");
                    let low = matches!(&reasons.of, Some((Adverse::Low, _)));
                    self.see_if(low, "model reasons for low");
                }
                for give in &model.gives {
                    if let Given::Distribution { .. } = &give.given {
                        self.see("distribution");
                    }
                    self.see_if(give.rounded.is_some(), "answer rounded");
                }
                model.feeds.iter().for_each(|feed| self.expr(&feed.value));
            }
            Item::Table(table) => self.table(table),
            Item::Rules(set) => self.rule_set(set),
            Item::Decide(decide) => self.decide(decide),
            Item::Output(entries) => entries.iter().for_each(|entry| {
                let (condition, parts) = entry.parts();
                self.see("output");
                self.see_if(condition.is_some(), "output when");
                condition.iter().for_each(|condition| self.expr(condition));
                for part in parts {
                    match part {
                        OutputPart::Field(field) => {
                            let list = matches!(field.ty.kind, TypeKind::List(_));
                            self.see_if(list, "output of a list");
                            self.ty(&field.ty);
                            self.expr(&field.value);
                        }
                        OutputPart::Record(record) => {
                            self.see("record in output");
                            self.see_if(record.if_asked.is_some(), "record if asked");
                        }
                    }
                }
            }),
            Item::Reasons(reasons) => {
                self.see("reasons for");
                self.see_if(reasons.at_most.is_some(), "reasons at most");
                for then in reasons.entries.iter().flat_map(|entry| &entry.then) {
                    let of_model = then.path.text.ends_with(".contributions");
                    self.see(match (of_model, then.if_asked) {
                        (false, Some(_)) => "shortfalls if asked",
                        (false, None) => "then shortfalls",
                        (true, Some(_)) => "contributions if asked",
                        (true, None) => "then contributions",
                    });
                }
            }
            Item::Example(example) => example.values.iter().for_each(|assignment| {
                if let AssignedValue::Value(expr) = &assignment.value {
                    self.expr(expr);
                }
            }),
            Item::Always(always) => self.always(always),
            Item::Subpolicy(asked) => {
                self.see("subpolicy");
                self.see_if(asked.on_fault.is_some(), "subpolicy on fault");
                asked.feeds.iter().for_each(|feed| self.expr(&feed.value));
            }
            Item::Shadow(_) => self.see("decided again in shadow"),
            // Forbidding and accepting decide nothing.
            Item::Use(_)
            | Item::Columns(_)
            | Item::Forbid(_)
            | Item::Accept(_)
            | Item::Test(_)
            | Item::Error { .. } => {}
        }
    }

    fn field(&mut self, field: &InputField) {
        self.see(match (field.ty.optional, &field.default) {
            (true, _) => "input optional",
            (false, Some(_)) => "input with default",
            (false, None) => "input required",
        });
        self.see_if(field.range.is_some(), "input with range");
        self.see_if(field.private.is_some(), "input private");
        self.see_if(field.missing_when.is_some(), "input missing when");
        self.see_if(field.wire.is_some(), "input from another name");
        self.see_if(field.model_only.is_some(), "input model only");
        self.see_if(field.series.is_some(), "input series");
        self.ty(&field.ty);
    }

    fn ty(&mut self, ty: &TypeExpr) {
        self.see(match &ty.kind {
            TypeKind::Integer => "type integer",
            TypeKind::Decimal(None) => "type decimal",
            TypeKind::Decimal(Some(_)) => "type decimal with digits",
            TypeKind::Percent(None) => "type percent",
            TypeKind::Percent(Some(_)) => "type percent with digits",
            TypeKind::Money {
                unrounded: true, ..
            } => "type money unrounded",
            TypeKind::Money { currency, .. } if currency.text != "GBP" => "type money of a field",
            TypeKind::Money { .. } => "type money",
            TypeKind::Boolean => "type boolean",
            TypeKind::Text => "type text",
            TypeKind::Date => "type date",
            TypeKind::Datetime => "type datetime",
            TypeKind::Duration => "type duration",
            TypeKind::List(_) => "type list",
            TypeKind::Named(_) => "type of a name",
        });
        if let TypeKind::List(of) = &ty.kind {
            self.ty(of);
        }
    }

    fn cell(&mut self, cell: &Cell) {
        match &*cell.kind {
            CellKind::Any => self.see("cell any"),
            CellKind::Missing => self.see("cell missing"),
            CellKind::Nothing => self.see("output cell nothing"),
            CellKind::Value(value) => {
                self.see("output cell value");
                self.expr(value);
            }
            CellKind::Tests { negated, tests } => {
                self.see_if(*negated, "cell not");
                self.see_if(tests.len() > 1, "cell several");
                for test in tests {
                    match test {
                        CellTest::Range(range) => {
                            self.see("cell range");
                            self.range(range);
                        }
                        CellTest::Value(value) => {
                            self.see("cell value");
                            self.expr(value);
                        }
                    }
                }
            }
            CellKind::Otherwise => self.see("cell otherwise"),
            CellKind::Off | CellKind::Day(_) | CellKind::Id(_) | CellKind::Error => {}
        }
    }

    fn range(&mut self, range: &Range) {
        self.see(match (&range.low, &range.high) {
            (None, Some(high)) if high.inclusive => "range up to",
            (None, _) => "range below",
            (Some(low), None) if low.inclusive => "range and above",
            (Some(_), None) => "range above",
            (Some(low), Some(high)) if !low.inclusive && high.inclusive => "range above to",
            (Some(low), Some(_)) if !low.inclusive => "range above to below",
            (Some(_), Some(high)) if high.inclusive => "range to",
            (Some(_), Some(_)) => "range to below",
        });
        for bound in range.low.iter().chain(&range.high) {
            self.expr(&bound.value);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(_) => self.see("number"),
            ExprKind::Percent(_) => self.see("percentage"),
            ExprKind::Text(_) => self.see("text"),
            ExprKind::Date(_) => self.see("date"),
            ExprKind::Datetime(_) => self.see("datetime"),
            ExprKind::Boolean(_) => self.see("truth"),
            ExprKind::Quantity { .. } => self.see("quantity"),
            ExprKind::Path(_) => self.see("name"),
            ExprKind::Fired { if_off, .. } => {
                self.see("rule fired");
                self.see_if(if_off.is_some(), "rule fired if off");
            }
            ExprKind::Index { .. } => self.see("index"),
            ExprKind::Or(_) => self.see("or"),
            ExprKind::And(_) => self.see("and"),
            ExprKind::Not(_) => self.see("not"),
            ExprKind::Compare { worded: true, .. } => self.see("before or after"),
            ExprKind::Compare { op, .. } => self.see(match op {
                CompareOp::Less => "<",
                CompareOp::LessOrEqual => "<=",
                CompareOp::Greater => ">",
                CompareOp::GreaterOrEqual => ">=",
            }),
            ExprKind::Is { negated, what, .. } => self.see(match (what, negated) {
                (IsWhat::Present, _) => "is present",
                (IsWhat::Missing, _) => "is missing",
                (IsWhat::OneOf(_), _) => "is one of",
                (IsWhat::Value(_), false) => "is",
                (IsWhat::Value(_), true) => "is not",
            }),
            ExprKind::In { negated, range, .. } => {
                self.see(if *negated { "not in" } else { "in" });
                // Its bounds are parts of the expression.
                let bounds = Range {
                    low: range.low.clone(),
                    high: range.high.clone(),
                    span: range.span,
                };
                self.range(&bounds);
            }
            ExprKind::Sum { rest, .. } => rest.iter().for_each(|(op, _)| {
                self.see(match op {
                    SumOp::Add => "+",
                    SumOp::Subtract => "-",
                });
            }),
            ExprKind::Product { rest, .. } => rest.iter().for_each(|factor| {
                self.see(match factor.op {
                    ProductOp::Multiply => "*",
                    ProductOp::Divide => "/",
                });
                self.see_if(factor.if_zero.is_some(), "if zero");
            }),
            ExprKind::Negate(_) => self.see("negated"),
            ExprKind::IfMissing { alternative, .. } => self.see(match alternative {
                Some(_) => "if missing",
                None => "if missing fault",
            }),
            ExprKind::Call { function, .. } => self.see(called(&function.text)),
            ExprKind::Rounded { to, .. } => self.see(match to {
                RoundTo::Digits(_) => "rounded to digits",
                RoundTo::MultipleOf(_) => "rounded to a multiple",
            }),
            ExprKind::Remainder { .. } => self.see("remainder"),
            ExprKind::Power { .. } => self.see("power"),
            ExprKind::Between { .. } => self.see("time between"),
            ExprKind::Part { .. } => self.see("part of a date"),
            ExprKind::If { arms, .. } => {
                self.see("if then else");
                self.see_if(arms.len() > 1, "else if");
            }
            ExprKind::Match {
                arms, otherwise, ..
            } => {
                self.see("match");
                self.see_if(arms.iter().any(|arm| arm.tests.is_empty()), "match missing");
                self.see_if(otherwise.is_some(), "match otherwise");
            }
            ExprKind::Aggregate(aggregate) => {
                self.see(match aggregate.kind {
                    AggregateKind::Count => "count",
                    AggregateKind::Sum => "sum",
                    AggregateKind::Average => "average",
                    AggregateKind::Min => "min of",
                    AggregateKind::Max => "max of",
                    AggregateKind::First => "first",
                    AggregateKind::Any => "any",
                    AggregateKind::Every => "every",
                });
                self.see_if(aggregate.item.is_some(), "aggregate over computed");
                self.see_if(aggregate.condition.is_some(), "aggregate where");
                self.see_if(aggregate.if_none.is_some(), "if none");
                self.see_if(aggregate.over.slice.is_some(), "slice");
            }
            ExprKind::InList { negated, .. } => {
                self.see(if *negated { "not in list" } else { "in list" });
            }
            ExprKind::TextTest { negated, test, .. } => {
                self.see_if(*negated, "does not");
                self.see(match test {
                    TextTest::StartsWith(_) => "starts with",
                    TextTest::EndsWith(_) => "ends with",
                    TextTest::Contains(_) => "contains",
                    TextTest::ContainsWordIn(_) => "contains a word in",
                    TextTest::Matches(_) => "matches",
                });
            }
            ExprKind::InLookup { negated, .. } => {
                self.see(if *negated {
                    "not in lookup"
                } else {
                    "in lookup"
                });
            }
            ExprKind::Lookup(looked_up) => self.see(match &looked_up.if_none {
                None => "lookup without if none",
                Some(IfNone::Fault) => "lookup if none fault",
                Some(IfNone::Value(_)) => "lookup if none",
            }),
            ExprKind::Error => {}
        }
        expr.each_part(&mut |part| self.expr(part));
    }
}

/// What a call is of.
fn called(name: &str) -> &'static str {
    let built_in = [
        "min", "max", "abs", "floor", "ceiling", "truncate", "lower", "upper", "trim", "length",
        "left", "right", "concat",
    ];
    if name.ends_with(".probability") {
        return "probability of a label";
    }
    let found = built_in.into_iter().find(|known| *known == name);
    found.unwrap_or("call of a function")
}
