//! Every name of the file is declared, before anything is looked into.

use super::names::Meaning;
use super::{AnswerHead, Checker, ModelHead, Promise, TableHead, codes, items};
use crate::ast::{self, Item};
use crate::ids::{ModelId, RuleSetId, TableId};
use crate::ir::{self, Value};
use crate::{Diagnostic, Id as _, Span};

impl<'a> Checker<'a> {
    /// Declares every name of the file; returns the header.
    pub(super) fn declare_all(&mut self, file: &'a ast::File) -> Option<&'a ast::PolicyHeader> {
        self.declare_shared();
        self.outcome = self.outcome_enum(file);
        let date = Meaning::Value(Value::DecisionDate);
        let start = Span {
            source: file.source,
            start: 0,
            end: 0,
        };
        let _ = self.names.insert("decision_date", date, start);
        self.declare_inputs(file);
        self.declare_definitions(file);
        let mut rule_sets = 0;
        let mut decided = false;
        let mut shadows = 0;
        for (position, item) in file.items.iter().enumerate() {
            match item {
                Item::Columns(decl) => {
                    self.declare(&decl.name.text, Meaning::Columns(position), decl.name.span);
                }
                Item::Table(decl) => self.declare_table(decl),
                Item::Model(decl) => self.declare_model(decl),
                Item::Subpolicy(decl) => self.declare_subpolicy(decl),
                Item::Rules(decl) => {
                    let meaning = Meaning::Rules(RuleSetId::new(rule_sets));
                    self.declare(&decl.name.text, meaning, decl.name.span);
                    rule_sets += 1;
                }
                Item::Shadow(decl) => {
                    let meaning = Meaning::Shadow(shadows);
                    self.declare(&decl.name.text, meaning, decl.name.span);
                    shadows += 1;
                }
                // A second one is reported as such.
                Item::Decide(_) if decided => {}
                Item::Decide(decl) => {
                    decided = true;
                    let outcome = Meaning::Value(Value::Outcome);
                    let sole = self.declare(&decl.name.text, outcome, decl.name.span);
                    self.declare_decided(decl, sole);
                }
                _ => {}
            }
        }
        self.declare_scorecards(file);
        // That nothing is decided is told once
        if !decided {
            let _ = self.names.insert("outcome", Meaning::Broken, start);
        }
        self.header(file)
    }

    /// Declares the items that stand in policies and in files of names alike, in
    /// the file at hand.
    pub(super) fn declare_shared(&mut self) {
        self.declare_unread();
        for decl in items!(self.names, Use) {
            self.bring_in(decl);
        }
        for decl in items!(self.names, Enum) {
            self.declare_enum(decl);
        }
        self.declare_records();
        for decl in items!(self.names, Reason) {
            self.declare_reason(decl);
        }
        for decl in items!(self.names, List) {
            self.declare_named_list(decl);
        }
        for decl in items!(self.names, Lookup) {
            self.declare_lookup(decl);
        }
        for decl in items!(self.names, Function) {
            self.declare_function(decl);
        }
    }

    /// Names of items that could not be read: their uses are no errors.
    fn declare_unread(&mut self) {
        for item in self.names.items {
            let Item::Error { keyword, name, .. } = item else {
                continue;
            };
            self.names
                .lost
                .extend(name.iter().map(|name| name.text.as_str()));
            self.names.unread_reasons |= keyword == "reason";
            self.names.unread_enums |= matches!(keyword.as_str(), "enum" | "use");
            let declares = matches!(
                keyword.as_str(),
                "" | "enum"
                    | "record"
                    | "input"
                    | "define"
                    | "columns"
                    | "model"
                    | "table"
                    | "grid"
                    | "rank"
                    | "decide"
                    | "rules"
                    | "list"
                    | "lookup"
                    | "use"
                    | "function"
                    | "bands"
                    | "calibration"
                    | "cascade"
                    | "scorecard"
                    | "shadow"
                    | "subpolicy"
            );
            match name {
                Some(name) if declares => {
                    let _ = self.names.insert(&name.text, Meaning::Broken, name.span);
                }
                // A rule or an output without a name declares nothing that others use.
                None if declares && keyword != "rules" => self.names.unread = true,
                _ => {}
            }
        }
    }

    pub(super) fn header(&mut self, file: &'a ast::File) -> Option<&'a ast::PolicyHeader> {
        let mut headers = items!(file, Policy);
        let header = headers.next();
        if let (Some(first), Some(second)) = (header, headers.next()) {
            self.report(
                Diagnostic::error(codes::MORE_THAN_ONE, "a file holds one policy", second.span)
                    .evidence(first.span, "the first one")
                    .help("put the second policy into a file of its own"),
            );
        }
        let unread = file
            .items
            .iter()
            .any(|item| matches!(item, Item::Error { keyword, .. } if keyword == "policy" || keyword.is_empty()));
        if header.is_none() && !unread && !file.items.is_empty() {
            let start = Span {
                source: file.source,
                start: 0,
                end: 0,
            };
            let help = if file.holds_names_alone() {
                "check a file of names with a policy that uses it; a policy begins with `policy my_policy \"Title\" { version \"1\" }`"
            } else {
                "begin with `policy my_policy \"Title\" { version \"1\" }`"
            };
            self.report(
                Diagnostic::error(
                    codes::NO_POLICY_HEADER,
                    "the file has no policy header",
                    start,
                )
                .help(help),
            );
        }
        header
    }

    fn declare_table(&mut self, decl: &'a ast::TableDecl) {
        let id = TableId::new(self.tables.len());
        let meaning = Meaning::Table(id.position());
        let sole = self.declare(&decl.name.text, meaning, decl.name.span);
        let mut outputs = Vec::with_capacity(decl.outputs.len());
        for (position, output) in (0_u32..).zip(&decl.outputs) {
            let ty = self.declared_type(&output.ty);
            let meaning = match (ty, decl.policy.gives_lists()) {
                (None, _) => Meaning::Broken,
                (Some(_), true) => Meaning::Rows(id, position),
                (Some(_), false) => Meaning::Value(Value::Table(id, position)),
            };
            self.declare_below(&decl.name, &output.name, meaning, sole);
            outputs.push(ty);
        }
        let at_hand = self.rows_at_hand(decl, &outputs);
        self.tables.push(TableHead {
            ast: decl,
            outputs,
            at_hand,
        });
    }

    fn declare_model(&mut self, decl: &'a ast::ModelDecl) {
        let id = ModelId::new(self.model_heads.len());
        let meaning = Meaning::Model(id.position());
        let sole = self.declare(&decl.name.text, meaning, decl.name.span);
        let mut answers = Vec::with_capacity(decl.gives.len());
        for give in &decl.gives {
            let first = u32::try_from(answers.len()).unwrap_or(u32::MAX);
            match &give.given {
                ast::Given::Value { ty, range, .. } => {
                    let ty = self.declared_type(ty);
                    let meaning = match (ty, &decl.each) {
                        (None, _) => Meaning::Broken,
                        (Some(_), None) => Meaning::Value(Value::Model(id, first)),
                        (Some(_), Some(_)) => Meaning::OfEachRow(id.position(), first),
                    };
                    self.declare_below(&decl.name, &give.name, meaning, sole);
                    let range = range.as_ref().zip(ty);
                    let range = range.and_then(|(range, ty)| self.constant_range(range, ty.ty));
                    let at_hand = match (ty, &decl.each) {
                        (Some(ty), Some(_)) => {
                            let local = self.add_local(&give.name.text, ty);
                            if let Some(range) = &range {
                                let bounds = ir::Bounds::declared(range);
                                self.local_bounds.insert(local, bounds);
                            }
                            Some(local)
                        }
                        _ => None,
                    };
                    answers.push(AnswerHead {
                        ast: give,
                        promise: ty.map(|ty| Promise { ty, range }),
                        distribution: None,
                        at_hand,
                    });
                }
                ast::Given::Distribution { of, .. } => {
                    let labels = self.declare_distribution(decl, give, of, (id, first), sole);
                    answers.extend(labels);
                }
            }
        }
        let ast = decl;
        self.model_heads.push(ModelHead { ast, answers });
    }
}
