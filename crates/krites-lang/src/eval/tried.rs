//! A case that is tried for what must always hold behind its decision.

use std::cell::Cell;

use crate::data::Data;
use crate::ids::{AlwaysId, ModelId};
use crate::ir::{Literal, StubbedAnswer, StubbedModel, Test, Value};
use crate::program::Program;

use super::fault::ModelFault;
use super::frame::Frame;
use super::model::{Answer, Answered, Answers, ModelCall, NoModels};
use super::policy::PolicyFault;
use super::policy_call::PolicyCall;
use super::run::Progress;
use super::state::AlwaysState;

/// What a case says of models, told when they are asked
struct Told<'c> {
    case: &'c Test,
    asked: Vec<ModelId>,
    /// Whether something was asked that the case says nothing of
    beyond: Cell<bool>,
}

impl Answers for Told<'_> {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        let mut models = self.case.models.iter();
        let Some((id, stub)) = models.find(|(id, _)| *id == call.model) else {
            self.beyond.set(true);
            return NoModels.answer(call);
        };
        self.asked.push(*id);
        let StubbedModel::Answers(answers) = stub else {
            return Answered::Fault(ModelFault::Stated);
        };
        for (position, answer) in answers {
            if let (StubbedAnswer::Same(value), Some(place)) =
                (answer, call.answers.get_mut(*position))
            {
                *place = answer_of(value);
            }
        }
        Answered::Given
    }

    fn policy(&mut self, _: PolicyCall<'_>) -> Result<(), PolicyFault> {
        self.beyond.set(true);
        Err(PolicyFault::NotThere)
    }

    fn data(&self) -> &Data {
        self.beyond.set(true);
        Data::none()
    }
}

/// An answer as a model gives it that becomes this value.
fn answer_of(value: &Literal) -> Answer {
    match value {
        Literal::Integer(value) => Answer::Integer(*value),
        Literal::Exact(value) => Answer::Double(value.to_f64()),
        Literal::Boolean(value) => Answer::Boolean(*value),
        Literal::Text(text) => Answer::Text(text.to_string()),
        Literal::Date(_) | Literal::DateTime(_) | Literal::Duration(_) | Literal::Label(_) => {
            Answer::None
        }
    }
}

impl Program {
    /// Decides a case, and tells whether something is broken behind it that must always
    /// hold: then the case is left with the models that are asked, and breaks it as a
    /// test, too. A case in which something else is asked tells nothing.
    pub(crate) fn breaks(&self, case: &mut Test, id: AlwaysId, frame: &mut Frame) -> bool {
        let asked = {
            let mut told = Told {
                case,
                asked: Vec::new(),
                beyond: Cell::new(false),
            };
            let given = self.give(case, frame).is_ok();
            if !given || !self.broken_by(&mut told, id, frame) || told.beyond.get() {
                return false;
            }
            told.asked
        };
        case.models.retain(|(id, _)| asked.contains(id));
        self.state(case, frame).is_ok() && self.broken_by(&mut NoModels, id, frame)
    }

    /// Decides the case at hand; without a decision it is broken only where that is why.
    fn broken_by<A: Answers>(&self, answers: &mut A, id: AlwaysId, frame: &mut Frame) -> bool {
        let decided = match self.decide(frame, answers) {
            Ok(progress) => progress == Progress::Decided,
            Err(_) => self.policy.always[id].enforce,
        };
        decided && frame.always(id) == AlwaysState::Broken
    }

    /// What a case came to: the outcome, and what the condition names that is computed.
    pub(crate) fn came_to(&self, id: AlwaysId, frame: &Frame) -> String {
        let policy = &self.policy;
        let labels = &policy.enums[policy.decide.ty].labels;
        let outcome = self.outcome(frame);
        let outcome = outcome.and_then(|outcome| labels.get(outcome as usize));
        let outcome = outcome.map_or("none", |label| &label.name);
        let mut parts = vec![format!("{} = {outcome}", policy.decide.name)];
        policy.always[id].condition.each_value(&mut |value| {
            let ty = match value {
                Value::Definition(id) => policy.definitions[id].ty.ty,
                Value::Table(id, output) => match policy.tables[id].outputs.get(output as usize) {
                    Some(output) => output.ty.ty,
                    None => return,
                },
                Value::Decided(at) => match policy.decide.values.get(at as usize) {
                    Some(decided) => decided.ty.ty,
                    None => return,
                },
                _ => return,
            };
            let shown = self.value(frame, value);
            let shown = shown.map_or_else(
                || "missing".to_owned(),
                |shown| self.shown_value(frame, shown, ty),
            );
            let part = format!("{} = {shown}", self.name_of(value));
            if !parts.contains(&part) {
                parts.push(part);
            }
        });
        parts.join(", ")
    }
}
