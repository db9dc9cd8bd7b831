//! The compiled policy on the same case, through the public interface alone.

use std::sync::Arc;

use krites_lang::ir::{self, Policy};
use krites_lang::{
    Answer, Answered, Answers, ContributionsCall, Data, EvalErrorKind, FaultKind, Feed, Frame,
    Id as _, InputError, InputId, ListId, ModelCall, ModelId, Needs, NumberFault, OutputValue,
    PolicyCall, Program, Progress, Speaker, Ty, Unknown, Verified,
};

use crate::case::{Element, Stub};
use crate::contributions;
use crate::fault::{ModelFault, PolicyFault};
use crate::verdict::{AlwaysState, Difference, Ending, ModelState, RuleState, ShadowState, Spoken};
use crate::{Asks, Case, Fault, Given, Value, Verdict, calendar, number};

/// Decides a case with the compiled policy; where `later`, as a batch does: each call of a
/// model is put off, answered, and gone on from.
pub(crate) fn decide(
    program: &Program,
    (data, asked): (&Data, &[Asks<'_>]),
    frame: &mut Frame,
    (case, later): (&Case, bool),
) -> Verdict {
    if bind(program, frame, case).is_err() {
        return Verdict::refused();
    }
    let mut stubs = Stubs {
        case,
        data,
        asked,
        later,
    };
    let mut progress = program.decide(frame, &mut stubs);
    while let Ok(Progress::Needs(Needs::Model(model))) = progress {
        program.answer_pending(frame, model, &mut stubs, |stubs, answers| {
            stubs.fill(model, answers)
        });
        progress = program.decide(frame, &mut stubs);
    }
    let ending = match progress {
        Ok(_) => decided(program, frame),
        Err(error) => match error.kind() {
            EvalErrorKind::Unhandled { speaker, fault } => Ending::Unhandled {
                speaker: Arc::clone(speaker),
                fault: of_kind(&fault.kind),
            },
            EvalErrorKind::Output { output, fault } => Ending::Output {
                output: Arc::clone(output),
                fault: of_kind(&fault.kind),
            },
            EvalErrorKind::NothingSpoke => Ending::NothingSpoke,
            EvalErrorKind::Broken { always } => Ending::NotHeld {
                always: Arc::clone(always),
                fault: None,
            },
            EvalErrorKind::Always { always, fault } => Ending::NotHeld {
                always: Arc::clone(always),
                fault: Some(of_kind(&fault.kind)),
            },
            EvalErrorKind::ForeignFrame => Ending::Unhandled {
                speaker: "the frame".into(),
                fault: Fault::broken("a foreign frame"),
            },
        },
    };
    told(program, frame, ending, asked)
}

/// What a decided frame tells.
fn told(program: &Program, frame: &Frame, ending: Ending, asked: &[Asks<'_>]) -> Verdict {
    let policy = program.policy();
    let fault = |id: u32| match frame.faults().get(id as usize) {
        Some(fault) => of_kind(&fault.kind),
        None => Fault::broken("no such fault"),
    };
    let rules = policy.rules.iter_ids().map(|(id, rule)| {
        let state = match frame.rule(id) {
            krites_lang::RuleState::NotAsked => RuleState::NotAsked,
            krites_lang::RuleState::NotFired => RuleState::NotFired,
            krites_lang::RuleState::Fired => RuleState::Fired,
            krites_lang::RuleState::Fault(id) => RuleState::Fault(fault(id)),
        };
        (Arc::clone(&rule.name), state)
    });
    let rows = policy.tables.iter_ids().map(|(id, table)| {
        let rows = frame.rows(id).iter();
        let rows = rows.filter_map(|row| table.rows.get(*row as usize));
        let names = rows.map(|row| Arc::from(row.id));
        (Arc::clone(&table.name), names.collect())
    });
    let models = policy.models.iter_ids().map(|(id, model)| {
        let state = match frame.model(id) {
            krites_lang::ModelState::NotRun => ModelState::NotAsked,
            krites_lang::ModelState::Fault(id) => ModelState::Failed(fault(id)),
            krites_lang::ModelState::StoodIn(id) => ModelState::Replaced(fault(id)),
            krites_lang::ModelState::Pending | krites_lang::ModelState::Stated => {
                ModelState::Failed(Fault::broken("pending or stated"))
            }
            krites_lang::ModelState::Answered => {
                ModelState::Answered(frame.feeds(id).iter().map(fed).collect())
            }
        };
        (Arc::clone(&model.name), state)
    });
    let outside = policy.models.iter_ids().map(|(id, model)| {
        let columns = program.outside_training(frame, id);
        (
            Arc::clone(&model.name),
            columns.map(str::to_owned).collect(),
        )
    });
    let definitions = policy.definitions.iter_ids().map(|(id, definition)| {
        let value = program.value(frame, ir::Value::Definition(id));
        let value = value.map(|value| of_output(policy, definition.ty.ty, &value));
        (Arc::clone(&definition.name), value)
    });
    let spoken = frame.spoken().iter().map(|spoken| Spoken {
        speaker: match spoken.speaker {
            Speaker::Rule(id) => policy.rules[id].name.to_string(),
            Speaker::Row(id, row) => {
                let table = &policy.tables[id];
                let row = table.rows.get(row as usize).map_or("?", |row| row.id);
                format!("{}[{row}]", table.name)
            }
            Speaker::Value(value) => program.name_of(value).to_owned(),
            Speaker::Fault(fault) => format!("fault {fault}"),
        },
        outcome: label(policy, spoken.outcome),
        because: spoken
            .because
            .map(|id| Arc::clone(&policy.reasons[id].code)),
    });
    let groups = policy.groups.iter_ids();
    let groups = groups.map(|(id, group)| {
        let asked = program.group_state(frame, id).is_asked();
        (Arc::clone(&group.name), asked)
    });
    let always = policy.always.iter_ids().map(|(id, always)| {
        let state = match frame.always(id) {
            krites_lang::AlwaysState::NotKnown => AlwaysState::NotKnown,
            krites_lang::AlwaysState::Holds => AlwaysState::Holds,
            krites_lang::AlwaysState::Broken => AlwaysState::Broken,
            krites_lang::AlwaysState::Fault(id) => AlwaysState::Fault(fault(id)),
        };
        (Arc::clone(&always.title), state)
    });
    let always = always.collect();
    let shadows = policy.shadows.iter().enumerate().map(|(at, block)| {
        let state = match program.shadow_state(frame, at) {
            krites_lang::ShadowState::NotRun => ShadowState::NotRun,
            krites_lang::ShadowState::Same => ShadowState::Same,
            krites_lang::ShadowState::Different => {
                ShadowState::Different(differences(program, frame, at))
            }
            krites_lang::ShadowState::NotKnown(Unknown::NotAsked) => ShadowState::NotAsked,
            krites_lang::ShadowState::NotKnown(Unknown::Fault) => {
                let fault = program.shadow_fault(frame, at);
                ShadowState::Fault(fault.map(|fault| of_kind(&fault.kind)))
            }
        };
        (Arc::clone(&block.name), state)
    });
    let shadows = shadows.collect();
    let policies = policy.subpolicies.iter_ids().map(|(id, declared)| {
        let inner = asked.get(id.position()).zip(frame.policy_frame(id));
        let verdict = inner.map(|(other, inner)| {
            let program = other.program;
            told(program, inner, decided(program, inner), &other.asked)
        });
        (Arc::clone(&declared.name), verdict)
    });
    let policies = policies.collect();
    Verdict {
        policies,
        shadows,
        ending,
        always,
        spoken: spoken.collect(),
        rules: rules.collect(),
        rows: rows.collect(),
        models: models.collect(),
        outside: outside.collect(),
        groups: groups.collect(),
        definitions: definitions.collect(),
        faults: frame
            .faults()
            .iter()
            .map(|fault| of_kind(&fault.kind))
            .collect(),
    }
}

/// What is compared and differs, as decided and as decided again.
fn differences(program: &Program, frame: &Frame, at: usize) -> Vec<Difference> {
    let policy = program.policy();
    let Some(again) = program.shadow_frame(frame, at) else {
        return Vec::new();
    };
    let differing = program
        .differences(frame, at)
        .map(|compared| match compared {
            ir::Compared::Outcome => {
                let outcome = |frame| program.outcome(frame).map(Value::Label);
                (
                    Arc::clone(&policy.decide.name),
                    outcome(frame),
                    outcome(again),
                )
            }
            ir::Compared::Output(id) => {
                let output = &policy.outputs[id];
                let value = |frame| {
                    let value = program.output(frame, id);
                    value.map(|value| of_output(policy, output.ty.ty, &value))
                };
                (Arc::clone(&output.name), value(frame), value(again))
            }
        });
    differing.collect()
}

fn decided(program: &Program, frame: &Frame) -> Ending {
    let policy = program.policy();
    let outputs = policy.outputs.iter_ids().map(|(id, output)| {
        let value = program.output(frame, id);
        let value = value.map(|value| of_output(policy, output.ty.ty, &value));
        (Arc::clone(&output.name), value)
    });
    let outcome = program.outcome(frame).unwrap_or(u32::MAX);
    let reasons = frame.reasons().iter();
    Ending::Decided {
        outcome: label(policy, outcome),
        outputs: outputs.collect(),
        reasons: reasons
            .map(|id| Arc::clone(&policy.reasons[*id].code))
            .collect(),
        tags: frame
            .tags()
            .iter()
            .map(|id| Arc::clone(&policy.tags[*id]))
            .collect(),
        decided: (0_u32..)
            .zip(&policy.decide.values)
            .map(|(at, declared)| {
                let value = program.value(frame, ir::Value::Decided(at));
                let value = value.map(|value| of_output(policy, declared.ty.ty, &value));
                (Arc::clone(&declared.name), value)
            })
            .collect(),
    }
}

fn label(policy: &Policy, outcome: u32) -> Arc<str> {
    let labels = &policy.enums[policy.decide.ty].labels;
    let label = labels.get(outcome as usize);
    label.map_or_else(|| "no such label".into(), |label| Arc::clone(&label.name))
}

/// Hands the case in, value by value.
fn bind(program: &Program, frame: &mut Frame, case: &Case) -> Result<(), InputError> {
    program.begin(frame, case.decision_date);
    for (id, given) in &case.inputs {
        set(program, frame, *id, given)?;
    }
    for (id, elements) in &case.lists {
        set_list(program, frame, *id, elements)?;
    }
    program.finish_inputs(frame)
}

fn set_list(
    program: &Program,
    frame: &mut Frame,
    id: ListId,
    elements: &[Element],
) -> Result<(), InputError> {
    program.begin_list(frame, id)?;
    for element in elements {
        program.begin_element(frame)?;
        for (field, given) in element.fields.iter().enumerate() {
            if let (Some(field), Some(given)) = (program.field(id, field), given) {
                set(program, frame, field, given)?;
            }
        }
        for (inner, elements) in &element.lists {
            set_list(program, frame, *inner, elements)?;
        }
        program.end_element(frame)?;
    }
    program.end_list(frame)
}

fn set(program: &Program, frame: &mut Frame, id: InputId, given: &Given) -> Result<(), InputError> {
    match given {
        Given::Missing => program.set_missing(frame, id),
        Given::Integer(value) => program.set_integer(frame, id, *value),
        Given::Exact(value) => program.set_exact(frame, id, *value),
        Given::Boolean(value) => program.set_boolean(frame, id, *value),
        Given::Text(value) => program.set_text(frame, id, value),
        Given::Date(value) => program.set_text(frame, id, &value.to_string()),
        Given::DateTime(value) => program.set_text(frame, id, &calendar::instant_text(*value)),
        Given::Duration(value) => program.set_text(frame, id, &calendar::duration_text(*value)),
        Given::Label(value) => {
            let policy = program.policy();
            let wire = match program.declared(id).ty.ty {
                Ty::Enum(id) => policy.enums[id].labels.get(*value as usize),
                _ => None,
            };
            program.set_text(frame, id, wire.map_or("no such label", |label| &label.wire))
        }
        Given::Float(value) => program.set_float(frame, id, *value),
    }
}

/// Answers as the case says
struct Stubs<'c> {
    case: &'c Case,
    data: &'c Data,
    asked: &'c [Asks<'c>],
    /// Whether answers come later
    later: bool,
}

impl Stubs<'_> {
    fn fill(&self, model: ModelId, answers: &mut [Answer]) -> Result<(), krites_lang::ModelFault> {
        let Some(Stub::Answers(given)) = self.case.models.get(&model) else {
            return Err(krites_lang::ModelFault::Stated);
        };
        for (place, given) in answers.iter_mut().zip(given) {
            *place = match given {
                Given::Exact(value) => Answer::Double(value.to_f64()),
                Given::Float(value) => Answer::Double(*value),
                Given::Integer(value) => Answer::Integer(*value),
                Given::Boolean(value) => Answer::Boolean(*value),
                Given::Text(value) => Answer::Text(value.clone()),
                _ => Answer::None,
            };
        }
        Ok(())
    }
}

impl Answers for Stubs<'_> {
    fn policy(&mut self, call: PolicyCall<'_>) -> Result<(), krites_lang::PolicyFault> {
        let Some(other) = self.asked.get(call.policy().position()) else {
            return Err(krites_lang::PolicyFault::NotThere);
        };
        let nothing = Case::default();
        let mut stubs = Stubs {
            case: &nothing,
            data: Data::none(),
            asked: &other.asked,
            later: false,
        };
        call.decide(other.program, &mut stubs)
    }

    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        if self.later && !call.again {
            return Answered::Pending;
        }
        match self.fill(call.model, call.answers) {
            Ok(()) => Answered::Given,
            Err(fault) => Answered::Fault(fault),
        }
    }

    fn contributions(
        &mut self,
        call: ContributionsCall<'_>,
    ) -> Result<f64, krites_lang::ModelFault> {
        let fed: Vec<String> = call.feeds.iter().map(fed).collect();
        for (at, place) in call.contributions.iter_mut().enumerate() {
            *place = contributions::made_up(&fed, at);
        }
        Ok(0.0)
    }

    fn without(
        &mut self,
        _: ModelId,
        feeds: &[Feed],
        feature: usize,
    ) -> Result<Verified, krites_lang::ModelFault> {
        let fed: Vec<String> = feeds.iter().map(fed).collect();
        Ok(contributions::made_up_without(&fed, feature))
    }

    fn data(&self) -> &Data {
        self.data
    }
}

fn fed(feed: &Feed) -> String {
    match feed {
        Feed::Float(values) => format!("{values:?}"),
        Feed::Double(values) => format!("{values:?}"),
        Feed::Integer(values) => format!("{values:?}"),
        Feed::Boolean(values) => format!("{values:?}"),
        Feed::Text(values) => format!("{values:?}"),
    }
}

fn of_output(policy: &Policy, ty: Ty, value: &OutputValue<'_>) -> Value {
    #[allow(
        unreachable_patterns,
        reason = "kinds of values are added one after the other"
    )]
    match value {
        OutputValue::Integer(value) => Value::Number(number::whole(*value)),
        OutputValue::Exact(value) => Value::Number(number::from_exact(*value)),
        OutputValue::Boolean(value) => Value::Boolean(*value),
        OutputValue::Text(value) => Value::Text((*value).into()),
        OutputValue::Date(value) => Value::Date(calendar::date(*value)),
        OutputValue::DateTime(value) => Value::DateTime(value.microseconds()),
        OutputValue::Duration(value) => Value::Duration(value.microseconds().into()),
        OutputValue::List(values) => Value::List(
            values
                .iter()
                .map(|value| value.map(|value| of_output(policy, ty, &value)))
                .collect(),
        ),
        OutputValue::Label { name, .. } => {
            let position = match ty {
                Ty::Enum(id) => {
                    let mut labels = policy.enums[id].labels.iter();
                    labels.position(|label| *label.name == **name)
                }
                _ => None,
            };
            let position = position.and_then(|position| u32::try_from(position).ok());
            Value::Label(position.unwrap_or(u32::MAX))
        }
        other => Value::Text(format!("{other}").into()),
    }
}

fn of_kind(kind: &FaultKind) -> Fault {
    match kind {
        FaultKind::Number(NumberFault::TooLarge) => Fault::TooLarge,
        FaultKind::Number(NumberFault::DivisionByZero) => Fault::DivisionByZero,
        FaultKind::Number(NumberFault::NotANumber) => Fault::broken("not a number"),
        FaultKind::Missing => Fault::Missing,
        FaultKind::NoRow { table } => Fault::NoRow(Arc::clone(table)),
        FaultKind::RowsMatch { table, one, other } => {
            Fault::RowsMatch(Arc::clone(table), Arc::clone(one), Arc::clone(other))
        }
        FaultKind::RowsDiffer { table, one, other } => {
            Fault::RowsDiffer(Arc::clone(table), Arc::clone(one), Arc::clone(other))
        }
        FaultKind::NoKey { lookup } => Fault::NoKey(Arc::clone(lookup)),
        FaultKind::NoData { name } => Fault::broken(format!("no data of `{name}`")),
        FaultKind::NotGiven { group } => Fault::NotGiven(Arc::clone(group)),
        FaultKind::Stale { group } => Fault::Stale(Arc::clone(group)),
        FaultKind::Currencies { one, other } => Fault::currencies(*one, *other),
        FaultKind::Argument {
            function,
            parameter,
        } => Fault::Argument(Arc::clone(function), Arc::clone(parameter)),
        FaultKind::Calendar => Fault::Calendar,
        FaultKind::TextTooLong => Fault::TextTooLong,
        FaultKind::TooManySteps => Fault::TooManySteps,
        FaultKind::Policy { policy, fault } => Fault::Policy(Arc::clone(policy), of_policy(fault)),
        FaultKind::Model { model, fault } => Fault::Model(Arc::clone(model), of_model(fault)),
    }
}

fn of_policy(fault: &krites_lang::PolicyFault) -> PolicyFault {
    use krites_lang::PolicyFault as Theirs;
    match fault {
        Theirs::Stated => PolicyFault::Stated,
        Theirs::Feed(fault) => PolicyFault::Feed(Box::new(of_kind(fault))),
        Theirs::Refused { .. } => PolicyFault::Refused,
        Theirs::Undecided(_) | Theirs::Waits => PolicyFault::Undecided,
        Theirs::NoAnswer { give } => PolicyFault::NoAnswer(Arc::clone(give)),
        Theirs::NotThere => PolicyFault::NotThere,
    }
}

fn of_model(fault: &krites_lang::ModelFault) -> ModelFault {
    use krites_lang::ModelFault as Theirs;
    match fault {
        Theirs::Stated => ModelFault::Stated,
        Theirs::NotFinite { give } => ModelFault::NotFinite(Arc::clone(give)),
        Theirs::NotOne { give } => ModelFault::NotOne(Arc::clone(give)),
        Theirs::OutsideRange { give } => ModelFault::OutsideRange(Arc::clone(give)),
        Theirs::NoAnswer { give } => ModelFault::NoAnswer(Arc::clone(give)),
        Theirs::TextTooLong { give } => ModelFault::TextTooLong(Arc::clone(give)),
        Theirs::Feed(fault) => ModelFault::Fed(Box::new(of_kind(fault))),
        Theirs::OutsideTraining { feed } => ModelFault::OutsideTraining(Arc::clone(feed)),
        Theirs::Failed(_) | Theirs::Late | Theirs::Busy => ModelFault::Other(fault.to_string()),
    }
}
