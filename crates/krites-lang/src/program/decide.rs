//! The decision: rules and sets of them, what they say, what a fault leads to, and
//! the days on which they hold.

use std::collections::HashMap;

use super::from_ir_expr::Compiler;
use super::indexed_rules::{IndexedRules, indexed_rules};
use super::{Computed, Constant, Producer, Slot, Truth};
use crate::ast::{DecidePolicy, RuleSetMode};
use crate::ids::{AlwaysId, List, ModelId, ReasonId, RuleId, RuleSetId, TagId};
use crate::ir::{self, Expr, ExprKind, Outcome, Step, Value};

/// The days on which something holds, by their ordinals, both ends in
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    first: i64,
    last: i64,
}

impl Days {
    /// Returns `None` for what holds on every day.
    pub(crate) fn of(validity: &ir::Validity) -> Option<Days> {
        if validity.is_always() {
            return None;
        }
        let (never, always) = ((i64::MAX, i64::MIN), (i64::MIN, i64::MAX));
        let (first, last) = if validity.off { never } else { always };
        Some(Days {
            first: validity
                .from
                .map_or(first, |day| first.max(day.to_ordinal())),
            last: validity
                .through
                .map_or(last, |day| last.min(day.to_ordinal())),
        })
    }

    /// The condition that the day of the decision is one of them.
    pub(super) fn condition(self, decision_date: Slot) -> Truth {
        Truth::WholeWithin(decision_date, self.first, self.last)
    }

    pub(crate) fn contain(self, day: i64) -> bool {
        self.first <= day && day <= self.last
    }
}

/// A set of rules
#[derive(Clone, Debug)]
pub(crate) struct RuleSetCode {
    pub(crate) days: Option<Days>,
    /// Whether the first rule that speaks ends it
    pub(crate) first: bool,
    pub(crate) rules: Box<[RuleId]>,
    pub(crate) index: Option<Box<IndexedRules>>,
}

/// When a rule fires
#[derive(Clone, Debug)]
pub(crate) enum When {
    Holds(Truth),
    /// `otherwise` within a set: no earlier rule of it matched
    RestOfSet,
    /// `otherwise` in `decide`: nothing has spoken
    RestOfDecide,
}

/// A rule
#[derive(Clone, Debug)]
pub(crate) struct RuleCode {
    pub(crate) when: When,
    pub(crate) outcome: u32,
    pub(crate) because: Option<ReasonId>,
    /// What few rules have
    pub(crate) rare: Option<Box<RareRule>>,
}

/// What few rules have
#[derive(Clone, Debug)]
pub(crate) struct RareRule {
    pub(crate) days: Option<Days>,
    /// Recorded behind the decision, and never acting
    pub(crate) shadow: bool,
    pub(crate) said: Said,
    pub(crate) with: With,
    pub(crate) tags: Box<[TagId]>,
    pub(crate) on_fault: Option<HandlingCode>,
}

/// How a rule comes by its outcome
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// It has none: it only tags
    Nothing,
    /// It is [`RuleCode::outcome`]
    Label,
    /// It is computed where the rule fires
    Computed(Computed),
}

/// What is decided with an outcome, by value; `None` is missing
pub(crate) type With = Box<[Option<Computed>]>;

/// What a fault leads to
#[derive(Clone, Debug)]
pub(crate) struct HandlingCode {
    pub(crate) outcome: u32,
    pub(crate) because: Option<ReasonId>,
    pub(crate) with: With,
    pub(crate) tags: Box<[TagId]>,
}

/// What stands for a model's answers where it fails
#[derive(Clone, Debug)]
pub(crate) struct StandInCode {
    pub(crate) answers: Box<[Constant]>,
    pub(crate) tags: Box<[TagId]>,
}

/// How the outcome is decided
#[derive(Clone, Debug)]
pub(crate) struct DecideCode {
    /// Whether the first that speaks ends it
    pub(crate) first_match: bool,
    pub(crate) steps: Box<[StepCode]>,
    /// What is decided with the outcome
    pub(crate) values: Box<[Slot]>,
    /// What a fault with no nearer handling leads to
    pub(crate) on_fault: Option<HandlingCode>,
}

/// One step of `decide`
#[derive(Clone, Debug)]
pub(crate) enum StepCode {
    Rules(RuleSetId),
    Evaluate(Box<EvaluateCode>),
    Rule(RuleId),
    StopOnce(u32),
    StopOnceAtLeast(u32),
}

/// Whether a rule fires
#[derive(Clone, Debug)]
pub(crate) struct FiredCode {
    pub(crate) rule: RuleId,
    /// The set that it stands in
    pub(crate) set: Option<RuleSetId>,
    /// What stands for it where it is off
    pub(crate) if_off: bool,
}

/// What is looked at behind the decision, asking nothing new
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    /// Rules in shadow, each with its set
    pub(crate) rules: Box<[(RuleId, Option<RuleSetId>)]>,
    pub(crate) always: List<AlwaysId, Truth>,
    /// Models in shadow
    pub(crate) models: Box<[ModelId]>,
}

/// A value that speaks
#[derive(Clone, Debug)]
pub(crate) struct EvaluateCode {
    pub(crate) value: Value,
    pub(crate) slot: Slot,
    pub(crate) with: With,
}

pub(super) fn rule_sets(
    compiler: &Compiler,
    policy: &ir::Policy,
    rules: &List<RuleId, RuleCode>,
    room: &mut usize,
) -> List<RuleSetId, RuleSetCode> {
    let sets = policy.rule_sets.iter();
    sets.map(|set| RuleSetCode {
        days: Days::of(&set.validity),
        first: set.mode == RuleSetMode::First,
        rules: set.rules.as_slice().into(),
        index: indexed_rules(compiler, &set.rules, rules, room),
    })
    .collect()
}

pub(super) fn rules(compiler: &mut Compiler, policy: &ir::Policy) -> List<RuleId, RuleCode> {
    let rest_of_decide = policy.decide.steps.iter().find_map(|step| match step {
        Step::Rule(id) if policy.rules[*id].when.is_none() => Some(*id),
        _ => None,
    });
    let mut rules = List::default();
    for (id, rule) in policy.rules.iter_ids() {
        rules.push(RuleCode {
            when: match &rule.when {
                Some(when) => When::Holds(compiler.truth(when)),
                None if rest_of_decide == Some(id) => When::RestOfDecide,
                None => When::RestOfSet,
            },
            outcome: match rule.then.outcome {
                Outcome::Label(label) => label,
                Outcome::None | Outcome::Computed(_) => 0,
            },
            because: rule.then.because,
            rare: compiler.rare_rule(policy, rule),
        });
    }
    rules
}

pub(super) fn decide(compiler: &Compiler, policy: &ir::Policy) -> DecideCode {
    let steps = policy.decide.steps.iter().map(|step| match step {
        Step::Rules(id) => StepCode::Rules(*id),
        Step::Evaluate(evaluate) => StepCode::Evaluate(Box::new(EvaluateCode {
            value: evaluate.value,
            slot: compiler.value_slot(evaluate.value),
            with: compiler.with(policy, evaluate.with.iter().map(Option::as_ref)),
        })),
        Step::Rule(id) => StepCode::Rule(*id),
        Step::StopOnce(outcome) => StepCode::StopOnce(*outcome),
        Step::StopOnceAtLeast(outcome) => StepCode::StopOnceAtLeast(*outcome),
    });
    let on_fault = policy.on_fault.as_ref();
    DecideCode {
        first_match: policy.decide.policy == DecidePolicy::FirstMatch,
        steps: steps.collect(),
        values: compiler.decided.as_slice().into(),
        on_fault: on_fault.map(|handling| compiler.handling(policy, handling)),
    }
}

pub(super) fn observed(compiler: &Compiler, policy: &ir::Policy) -> Observed {
    let shadows = policy.rules.iter_ids().filter(|(_, rule)| rule.shadow);
    Observed {
        rules: shadows
            .map(|(id, _)| (id, compiler.sets.get(&id).copied()))
            .collect(),
        always: policy
            .always
            .iter()
            .map(|always| compiler.truth(&always.condition))
            .collect(),
        models: policy
            .models
            .iter_ids()
            .filter_map(|(id, model)| model.shadow.then_some(id))
            .collect(),
    }
}

/// The set that each rule stands in.
pub(super) fn sets_of_rules(policy: &ir::Policy) -> HashMap<RuleId, RuleSetId> {
    let sets = policy.rule_sets.iter_ids();
    sets.flat_map(|(id, set)| set.rules.iter().map(move |rule| (*rule, id)))
        .collect()
}

impl Compiler {
    /// Code for whether a rule fires.
    pub(super) fn fired(&self, rule: RuleId, if_off: Option<bool>) -> Truth {
        Truth::Fired(Box::new(FiredCode {
            rule,
            set: self.sets.get(&rule).copied(),
            // A rule that is never off says nothing of it
            if_off: if_off.unwrap_or_default(),
        }))
    }

    fn rare_rule(&mut self, policy: &ir::Policy, rule: &ir::Rule) -> Option<Box<RareRule>> {
        let then = &rule.then;
        let said = match &then.outcome {
            Outcome::None => Said::Nothing,
            Outcome::Label(_) => Said::Label,
            Outcome::Computed(outcome) => Said::Computed(Computed {
                slot: self.slot(outcome.ty, Producer::Given),
                code: self.code(outcome, outcome.ty),
                places: None,
            }),
        };
        let plain = matches!(said, Said::Label)
            && then.with.is_empty()
            && then.tags.is_empty()
            && rule.on_fault.is_none()
            && !rule.shadow
            && rule.validity.is_always();
        if plain {
            return None;
        }
        let on_fault = rule.on_fault.as_ref();
        Some(Box::new(RareRule {
            days: Days::of(&rule.validity),
            shadow: rule.shadow,
            said,
            with: self.with(policy, then.with.iter().map(Option::as_ref)),
            tags: then.tags.as_slice().into(),
            on_fault: on_fault.map(|handling| self.handling(policy, handling)),
        }))
    }

    pub(super) fn handling(&self, policy: &ir::Policy, handling: &ir::Handling) -> HandlingCode {
        let constants: Vec<Option<Expr>> = handling
            .with
            .iter()
            .zip(&policy.decide.values)
            .map(|(literal, value)| {
                literal.as_ref().map(|literal| Expr {
                    kind: ExprKind::Literal(literal.clone()),
                    ty: value.ty.ty,
                    optional: false,
                    span: policy.decide.span,
                })
            })
            .collect();
        HandlingCode {
            outcome: handling.outcome,
            because: handling.because,
            with: self.with(policy, constants.iter().map(Option::as_ref)),
            tags: handling.tags.as_slice().into(),
        }
    }

    fn with<'e>(
        &self,
        policy: &ir::Policy,
        values: impl Iterator<Item = Option<&'e Expr>>,
    ) -> With {
        let declared = self.decided.iter().zip(&policy.decide.values);
        values
            .zip(declared)
            .map(|(value, (slot, declared))| {
                value.map(|value| Computed {
                    slot: *slot,
                    code: self.declared(value, declared.ty),
                    places: declared.ty.places,
                })
            })
            .collect()
    }
}
