//! What speaks beside rules: values, handled faults; and which of all wins.

use std::sync::Arc;

use crate::ids::{RuleId, TagId};
use crate::ir::Value;
use crate::program::{Days, EvaluateCode, HandlingCode, With};

use super::fault::EvalErrorKind;
use super::model::Answers;
use super::outcome::Leave;
use super::run::{Run, Stop};
use super::state::{Handler, ModelState, RuleState, SlotState, Source, Speaker, Spoken};
use super::value::Held;

impl<'p, A: Answers> Run<'p, '_, A> {
    /// The outcome that wins among those that were spoken for.
    pub(super) fn outcome_so_far(&self) -> Option<u32> {
        let mut outcomes = self.frame.spoken.iter().map(|spoken| spoken.outcome);
        match self.program.decide.first_match {
            true => outcomes.next(),
            false => outcomes.max(),
        }
    }

    pub(super) fn label_in(&self, slot: crate::program::Slot) -> u32 {
        u32::try_from(self.frame.whole(slot)).unwrap_or(u32::MAX)
    }

    pub(super) fn tag(&mut self, speaker: Speaker, tags: &[TagId]) {
        let tagged = tags.iter().map(|tag| (speaker, *tag));
        self.frame.tagged.extend(tagged);
    }

    /// Lets a value speak for the outcome that it is, unless it is missing.
    pub(super) fn evaluate(&mut self, code: &'p EvaluateCode, step: u32) -> Result<(), Leave> {
        match self.ready(code.slot) {
            Ok(false) => Ok(()),
            Ok(true) if self.speaks_by_rows(code.value) => {
                self.rows_speak(code.value, step);
                Ok(())
            }
            Ok(true) => {
                let (speaker, because) = self.voice_of(code.value);
                self.frame.spoken.push(Spoken {
                    speaker,
                    outcome: self.label_in(code.slot),
                    because,
                    source: Source::Step(step),
                });
                Ok(())
            }
            Err(Stop::Fault(fault)) => self.speak_fault(fault, &self.owner_of(code.value), None),
            Err(stop) => Err(self.needs(stop)),
        }
    }

    fn speaks_by_rows(&self, value: Value) -> bool {
        match value {
            Value::Table(id, _) => self.program.tables[id].policy.gives_lists(),
            _ => false,
        }
    }

    /// Lets each row of a table that counts speak, unless what it gives is missing.
    fn rows_speak(&mut self, value: Value, step: u32) {
        let Value::Table(id, output) = value else {
            return;
        };
        let rows = &self.program.policy.tables[id].rows;
        for at in 0..self.frame.rows(id).len() {
            let held = self.frame.cells(id).value(output as usize, at);
            let row = self.frame.rows(id).get(at).copied();
            if let (Some(Held::Whole(label)), Some(row)) = (held, row) {
                self.frame.spoken.push(Spoken {
                    speaker: Speaker::Row(id, row),
                    outcome: u32::try_from(label).unwrap_or(u32::MAX),
                    because: rows.because(row as usize),
                    source: Source::Step(step),
                });
            }
        }
    }

    /// What speaks by a value: of a table the row, with its reason.
    fn voice_of(&self, value: Value) -> (Speaker, Option<crate::ReasonId>) {
        let Value::Table(id, _) = value else {
            return (Speaker::Value(value), None);
        };
        let row = self.frame.row(id).unwrap_or(usize::MAX);
        let rows = &self.program.policy.tables[id].rows;
        let because = rows.because(row);
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        (Speaker::Row(id, row), because)
    }

    /// The name of what could not be computed: of a table's output the table's.
    fn owner_of(&self, value: Value) -> Arc<str> {
        match value {
            Value::Table(id, _) => self.program.policy.tables[id].name.clone(),
            value => Arc::from(self.program.name_of(value)),
        }
    }

    /// A fault speaks as its nearest handling says: the rule's own, the model's, the
    /// policy's.
    pub(super) fn speak_fault(
        &mut self,
        fault: u32,
        speaker: &Arc<str>,
        rule: Option<RuleId>,
    ) -> Result<(), Leave> {
        let spoken = self.handled(fault, speaker, rule)?;
        self.frame.spoken.push(spoken);
        Ok(())
    }

    fn handled(
        &mut self,
        fault: u32,
        speaker: &Arc<str>,
        rule: Option<RuleId>,
    ) -> Result<Spoken, Leave> {
        let Some(found) = self.frame.faults.get(fault as usize) else {
            return Err(EvalErrorKind::NothingSpoke.into());
        };
        let model = found.model.map(Handler::Model);
        let asked = found.policy.map(Handler::Asked);
        let group = found.group.map(Handler::Group);
        let own = rule.map(Handler::Rule);
        let nearest = [own, model, asked, group, Some(Handler::Policy)];
        let nearest = nearest.into_iter().flatten();
        let handling = nearest
            .map(|handler| (handler, self.handling(handler)))
            .find_map(|(handler, handling)| Some((handler, handling?)));
        let Some((handler, handling)) = handling else {
            return Err(EvalErrorKind::Unhandled {
                speaker: speaker.clone(),
                fault: found.clone(),
            }
            .into());
        };
        let speaker = Speaker::Fault(fault);
        self.tag(speaker, &handling.tags);
        Ok(Spoken {
            speaker,
            outcome: handling.outcome,
            because: handling.because,
            source: Source::Handling(handler),
        })
    }

    fn handling(&self, handler: Handler) -> Option<&'p HandlingCode> {
        let program = self.program;
        match handler {
            Handler::Rule(id) => program.rules[id].rare.as_ref()?.on_fault.as_ref(),
            Handler::Model(id) => program.models[id].on_fault.as_ref(),
            Handler::Asked(id) => program.subpolicies[id].on_fault.as_ref(),
            Handler::Group(id) => program.groups[id].on_fault.as_ref(),
            Handler::Policy => program.decide.on_fault.as_ref(),
        }
    }

    /// Finds the outcome, and computes what is decided with it, as the first says that
    /// spoke for it and can. Where none can, the handling of the first one's fault says.
    pub(super) fn settle(&mut self) -> Result<u32, Leave> {
        loop {
            let outcome = self.outcome_so_far().ok_or(EvalErrorKind::NothingSpoke)?;
            if self.program.decide.values.is_empty() {
                return Ok(outcome);
            }
            let spoken = self.frame.spoken.iter().copied().enumerate();
            let mut of_outcome = spoken.filter(|(_, spoken)| spoken.outcome == outcome);
            let first = of_outcome.clone().next();
            let sound = of_outcome.find(|(_, spoken)| !matches!(spoken.source, Source::Failed(_)));
            let Some((at, spoken)) = sound.or(first) else {
                return Err(EvalErrorKind::NothingSpoke.into());
            };
            let values = match self.unsaid(spoken.speaker) {
                Some(fault) if !spoken.source.handles() => Err(Stop::Fault(fault)),
                _ => self.decide_values(spoken.source),
            };
            match values {
                Ok(()) => return Ok(outcome),
                Err(Stop::Fault(fault)) => self.unsay(at, spoken, fault)?,
                Err(stop) => return Err(self.needs(stop)),
            }
        }
    }

    fn decide_values(&mut self, source: Source) -> Result<(), Stop> {
        let program = self.program;
        let Some(values) = self.with(source) else {
            return Ok(());
        };
        for (value, slot) in values.iter().zip(&program.decide.values) {
            match value {
                Some(value) => self.store(*slot, &value.code, value.places)?,
                None => self.frame.set_state(*slot, SlotState::Missing),
            }
        }
        Ok(())
    }

    fn with(&self, source: Source) -> Option<&'p With> {
        let program = self.program;
        match source {
            Source::Rule(id) => program.rules[id].rare.as_ref().map(|rare| &rare.with),
            Source::Step(step) => match program.decide.steps.get(step as usize)? {
                crate::program::StepCode::Evaluate(code) => Some(&code.with),
                _ => None,
            },
            Source::Handling(handler) | Source::Failed(handler) => {
                self.handling(handler).map(|handling| &handling.with)
            }
        }
    }

    /// The fault of what spoke and could not say what is decided with its outcome.
    pub(super) fn unsaid(&self, speaker: Speaker) -> Option<u32> {
        let mut unsaid = self.frame.rare.unsaid.iter();
        let found = unsaid.find(|(known, _)| *known == speaker);
        found.map(|(_, fault)| *fault)
    }

    /// Lets the fault speak of a value that is decided with what was spoken for. In
    /// `first match` it does so in place of what spoke; else beside it, so that no
    /// outcome becomes milder because a value cannot be computed.
    fn unsay(&mut self, at: usize, spoken: Spoken, fault: u32) -> Result<(), Leave> {
        let policy = &self.program.policy;
        let (name, rule) = match spoken.speaker {
            Speaker::Rule(id) => (policy.rules[id].name.clone(), Some(id)),
            Speaker::Row(id, _) => (policy.tables[id].name.clone(), None),
            Speaker::Value(value) => (Arc::from(self.program.name_of(value)), None),
            // The constants of a handling cannot fail but for a currency that is unknown
            Speaker::Fault(_) => (policy.decide.name.clone(), None),
        };
        if self.unsaid(spoken.speaker).is_none() {
            self.frame.rare.unsaid.push((spoken.speaker, fault));
        }
        if let Some(id) = rule {
            self.frame.set_rule(id, RuleState::Fault(fault));
        }
        if let (true, Some(found)) = (
            spoken.source.handles(),
            self.frame.faults.get(fault as usize),
        ) {
            return Err(EvalErrorKind::Unhandled {
                speaker: name,
                fault: found.clone(),
            }
            .into());
        }
        if self.program.decide.first_match {
            self.frame
                .tagged
                .retain(|(speaker, _)| *speaker != spoken.speaker);
            let handled = self.handled(fault, &name, rule)?;
            if let Some(place) = self.frame.spoken.get_mut(at) {
                *place = handled;
            }
            return Ok(());
        }
        let handled = self.handled(fault, &name, rule)?;
        if let (Some(place), Source::Handling(handler)) =
            (self.frame.spoken.get_mut(at), handled.source)
        {
            place.source = Source::Failed(handler);
            self.frame.spoken.insert(at + 1, handled);
        }
        Ok(())
    }

    /// Collects the tags of the decision, each once.
    pub(super) fn tags(&mut self) {
        let program = self.program;
        let frame = &mut *self.frame;
        frame.tags.clear();
        if frame.tagged.is_empty() && program.models.is_empty() {
            return;
        }
        let stood_in = program.models.iter_ids().filter_map(|(id, model)| {
            let stood_in = matches!(
                frame.rare.models.get(crate::Id::position(id)),
                Some(ModelState::StoodIn(_))
            );
            model.stand_in.as_ref().filter(|_| stood_in)
        });
        let stood_in = stood_in.flat_map(|stand_in| &stand_in.tags);
        let fired = frame.tagged.iter().map(|(_, tag)| tag);
        for tag in fired.chain(stood_in) {
            if !frame.tags.contains(tag) {
                frame.tags.push(*tag);
            }
        }
    }

    /// Tells whether something holds on the day of the decision.
    pub(super) fn holds_today(&self, days: Option<Days>) -> bool {
        days.is_none_or(|days| days.contain(self.frame.whole(self.program.decision_date)))
    }
}
