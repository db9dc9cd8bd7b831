//! Models: what they are fed, and their answers held against their promises.

use std::collections::BTreeSet;
use std::sync::Arc;

use krites_lang::ir::{
    DistributionQuery, DistributionUse, Element, Give, Labels, Literal, Model, ModelColumn,
    ModelInput, OutsideTraining,
};
use krites_lang::{GroupId, Id as _, MAX_TEXT, ModelId, Ty};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::case::Stub;
use crate::fault::ModelFault;
use crate::run::{Asked, Found, NEW, Run};
use crate::{Fault, Given, Value, bind, number, training};

/// What became of a model that is asked
struct Called {
    /// What it is fed, where that can be computed
    fed: Option<Vec<String>>,
    /// The columns that training did not hold
    outside: Vec<String>,
    /// What it says, or how it fails and by which group's fault
    answers: Result<Vec<Value>, (ModelFault, Option<GroupId>)>,
}

impl<'p> Run<'p, '_> {
    /// An answer of a model, which is called where nothing has asked it yet.
    pub(crate) fn answer(&mut self, id: ModelId, give: usize) -> Found<Option<Value>> {
        if self.nothing_new && matches!(self.models.get(id.position()), Some(None)) {
            return Err(NEW);
        }
        if let Some(again) = &mut self.again
            && let Some(stands) = again.stands.get(&id)
        {
            return match stands {
                Some(Ok(answers)) => match answers.get(give) {
                    Some(answer) => Ok(Some(answer.clone())),
                    None => self.broken("no such answer"),
                },
                Some(Err(fault)) => {
                    let fault = fault.clone();
                    again.stopped(Some(fault));
                    Err(NEW)
                }
                None => {
                    again.stopped(None);
                    Err(NEW)
                }
            };
        }
        if matches!(self.models.get(id.position()), Some(None)) {
            let asked = self.ask(id)?;
            if let Some(place) = self.models.get_mut(id.position()) {
                *place = Some(asked);
            }
        }
        let asked = self.models.get(id.position()).and_then(Option::as_ref);
        match asked.map(|asked| &asked.answers) {
            Some(Err(fault)) => Err(*fault),
            Some(Ok(answers)) => match answers.get(give) {
                Some(answer) => Ok(Some(answer.clone())),
                None => self.broken("no such answer"),
            },
            None => self.broken("no such model"),
        }
    }

    /// Runs a model in shadow, behind the decision; not where its feed would ask for
    /// something new.
    pub(crate) fn run_in_shadow(&mut self, id: ModelId) {
        let asked = self.ask(id);
        if let (Ok(asked), Some(place)) = (asked, self.models.get_mut(id.position())) {
            *place = Some(asked);
        }
    }

    fn ask(&mut self, id: ModelId) -> Found<Asked> {
        let policy = self.policy;
        let model = &policy.models[id];
        let Called {
            fed,
            outside,
            answers,
        } = self.called(id)?;
        let answers = answers.map_err(|(fault, group)| {
            let fault = Fault::Model(Arc::clone(&model.name), fault);
            self.fault_from(fault, Some(id), group)
        });
        Ok(match (answers, &model.stand_in) {
            (Err(fault), Some(stand_in)) => Asked {
                fed,
                outside,
                answers: Ok(stand_in.answers.iter().map(Value::of).collect()),
                replaced: Some(fault),
            },
            (answers, _) => Asked {
                fed,
                outside,
                answers,
                replaced: None,
            },
        })
    }

    /// What a model is fed, and what it says, or how it fails and by which group's
    /// fault.
    fn called(&mut self, id: ModelId) -> Found<Called> {
        let policy = self.policy;
        let model = &policy.models[id];
        let each = model.each.as_ref().filter(|_| !self.stated);
        // One row, or all open rows of a rank
        let rows: Vec<Option<usize>> = match each {
            Some(each) => {
                let open = self.open.get(&each.table).cloned().unwrap_or_default();
                open.into_iter().map(Some).collect()
            }
            None => vec![None],
        };
        // Of a model in shadow that no test states, what it is fed says whether it is run.
        let unfed = self.stated && (!model.shadow || self.stubs.contains_key(&id));
        let inputs: &[ModelInput] = if unfed { &[] } else { &model.inputs };
        let mut fed: Vec<Vec<String>> = vec![Vec::new(); inputs.len()];
        let mut outside = BTreeSet::new();
        for row in &rows {
            if let Err(fault) = self.feed_row(id, *row, inputs, &mut fed, &mut outside) {
                if fault == NEW {
                    return Err(NEW);
                }
                let inner = self.met(fault);
                let group = self.faults.get(fault.0).and_then(|met| met.group);
                return Ok(Called {
                    fed: None,
                    outside: Vec::new(),
                    answers: Err((ModelFault::Fed(Box::new(inner)), group)),
                });
            }
        }
        let fed = fed
            .into_iter()
            .map(|tensor| format!("[{}]", tensor.join(", ")));
        let fed: Vec<String> = fed.collect();
        let columns = inputs.iter().flat_map(|input| &input.columns);
        let outside = columns.enumerate().filter(|(at, _)| outside.contains(at));
        let outside: Vec<String> = outside.map(|(_, column)| column.name.clone()).collect();
        let fails = model.outside_training == Some(OutsideTraining::Fault);
        let answers = match self.stubs.get(&id) {
            _ if fails && !outside.is_empty() => {
                let first = outside.first().map_or("", String::as_str);
                Err(ModelFault::OutsideTraining(first.into()))
            }
            Some(Stub::Answers(given)) if each.is_some() => {
                let gives = model.gives.len();
                let of_row = |row: usize| given.get(row * gives..).unwrap_or_default();
                let rows = (0..rows.len()).map(|row| self.promised(model, of_row(row)));
                rows.collect::<Result<Vec<_>, _>>()
                    .map(|rows| rows.concat())
            }
            // Stated for each row, open or not, or once for all of them
            Some(Stub::Answers(given)) if model.each.is_some() => {
                let rows = given.chunks(model.gives.len());
                let rows: Result<Vec<_>, _> = rows.map(|row| self.promised(model, row)).collect();
                rows.map(|rows| rows.concat())
            }
            Some(Stub::Answers(given)) => self.promised(model, given),
            Some(Stub::Fault) | None => Err(ModelFault::Stated),
        };
        Ok(Called {
            fed: Some(fed),
            outside,
            answers: answers.map_err(|fault| (fault, None)),
        })
    }

    /// Holds all answers against their promises; of a distribution, its sum behind
    /// its last label.
    fn promised(&self, model: &Model, given: &[Given]) -> Result<Vec<Value>, ModelFault> {
        let mut answers = Vec::with_capacity(model.gives.len());
        for (at, give) in model.gives.iter().enumerate() {
            answers.push(self.held(give, given.get(at))?);
            for distribution in &model.distributions {
                let first = distribution.labels.first as usize;
                let behind = first + distribution.labels.count as usize;
                if at + 1 != behind {
                    continue;
                }
                let labels = given.get(first..behind).unwrap_or_default();
                let sum = labels.iter().map(|given| match given {
                    Given::Exact(value) => number::from_exact(*value),
                    _ => number::zero(),
                });
                let one = number::whole(1);
                let away = number::absolute(&(sum.sum::<BigRational>() - one));
                if away > BigRational::new(BigInt::from(1), number::power_of_ten(3)) {
                    return Err(ModelFault::NotOne(Arc::clone(&distribution.name)));
                }
            }
        }
        Ok(answers)
    }

    /// The labels of a distribution from the most probable one down; of the same
    /// probability, as the enum has them.
    pub(crate) fn ranked(&mut self, labels: Labels) -> Found<Vec<(u32, BigRational)>> {
        let mut ranked = Vec::new();
        for label in 0..labels.count {
            match self.named(labels.of(label))? {
                Some(Value::Number(probability)) => ranked.push((label, probability)),
                _ => return self.broken("a label without a probability"),
            }
        }
        // Sorting keeps the order of those that are alike.
        ranked.sort_by(|(_, one), (_, other)| other.cmp(one));
        Ok(ranked)
    }

    /// What is read of a distribution.
    pub(crate) fn read(&mut self, found: &'p DistributionUse) -> Found<Value> {
        let place = match &found.query {
            DistributionQuery::Probability(label) => {
                let Value::Label(label) = self.there(label)? else {
                    return self.broken("no label");
                };
                return match self.named(found.labels.of(label))? {
                    Some(value) => Ok(value),
                    None => self.broken("a label without a probability"),
                };
            }
            DistributionQuery::Top | DistributionQuery::TopProbability => 0,
            DistributionQuery::Second | DistributionQuery::SecondProbability => 1,
        };
        let ranked = self.ranked(found.labels)?;
        let Some((label, probability)) = ranked.into_iter().nth(place) else {
            return self.broken("too few labels");
        };
        Ok(match &found.query {
            DistributionQuery::Top | DistributionQuery::Second => Value::Label(label),
            _ => Value::Number(probability),
        })
    }

    /// Holds an answer against its promise.
    fn held(&self, give: &Give, given: Option<&Given>) -> Result<Value, ModelFault> {
        let name = || Arc::clone(&give.name);
        let value = match (give.ty.ty, given) {
            (Ty::Decimal | Ty::Percent, Some(Given::Exact(value))) => {
                let mut value = number::from_exact(*value);
                if let Some(places) = give.rounded {
                    value = number::round(&value, places, self.policy.rounding);
                }
                self.rounded(Value::Number(value), give.ty)
            }
            (Ty::Decimal | Ty::Percent, Some(Given::Float(value))) if !value.is_finite() => {
                return Err(ModelFault::NotFinite(name()));
            }
            (Ty::Integer, Some(Given::Integer(value))) => Value::Number(number::whole(*value)),
            (Ty::Boolean, Some(Given::Boolean(value))) => Value::Boolean(*value),
            (Ty::Text, Some(Given::Text(value))) if value.len() > MAX_TEXT => {
                return Err(ModelFault::TextTooLong(name()));
            }
            (Ty::Text, Some(Given::Text(value))) => Value::Text(value.as_str().into()),
            _ => return Err(ModelFault::NoAnswer(name())),
        };
        let Some(range) = &give.range else {
            return Ok(value);
        };
        if bind::inside(range, &value) {
            return Ok(value);
        }
        // Up to a millionth outside of a bound that is in, it is the bound.
        let noise = BigRational::new(BigInt::from(1), number::power_of_ten(6));
        let bounds = [&range.low, &range.high].into_iter().flatten();
        for (bound, inclusive) in bounds {
            let bound = Value::of(bound);
            if let (true, Value::Number(bound), Value::Number(value)) = (*inclusive, &bound, &value)
                && number::absolute(&(value - bound)) <= noise
                && give.ty.ty != Ty::Integer
            {
                return Ok(Value::Number(bound.clone()));
            }
        }
        Err(ModelFault::OutsideRange(name()))
    }

    /// Adds one row to each tensor, written as its floats, whole numbers, truths or
    /// texts are.
    fn feed_row(
        &mut self,
        id: ModelId,
        row: Option<usize>,
        inputs: &'p [ModelInput],
        fed: &mut [Vec<String>],
        outside: &mut BTreeSet<usize>,
    ) -> Found<()> {
        let policy = self.policy;
        if let (Some(row), Some(each)) = (row, &policy.models[id].each) {
            self.bring_to_hand(each.table, row, &policy.needs_of_feed(id))?;
        }
        let mut at = 0;
        for (input, tensor) in inputs.iter().zip(fed) {
            for column in &input.columns {
                let written = self.column(input.element, column)?;
                if let Some(held) = &column.training
                    && training::lies_outside(&written, input.element, held)
                {
                    outside.insert(at);
                }
                tensor.push(written);
                at += 1;
            }
        }
        Ok(())
    }

    /// An answer for a row, by its place among those answered for; one that is stated
    /// once is the same for all rows.
    pub(crate) fn answer_for_row(
        &mut self,
        id: ModelId,
        at: usize,
        give: usize,
    ) -> Found<Option<Value>> {
        let gives = self.policy.models[id].gives.len();
        let asked = self.models.get(id.position()).and_then(Option::as_ref);
        let answers = asked.and_then(|asked| asked.answers.as_ref().ok());
        let of_rows = answers.is_some_and(|answers| answers.len() > gives);
        self.answer(id, if of_rows { at * gives + give } else { give })
    }

    fn column(&mut self, element: Element, column: &'p ModelColumn) -> Found<String> {
        let value = match (self.value(&column.value)?, &column.missing) {
            (Some(value), _) => value,
            (None, Some(missing @ (Literal::Exact(_) | Literal::Integer(_)))) => Value::of(missing),
            (None, _) => return self.broken("a missing value is fed"),
        };
        let number = match (&value, column.value.ty) {
            (Value::Number(value), _) => Some(value.clone()),
            (Value::Boolean(value), _) => Some(number::whole(i64::from(*value))),
            (Value::Label(label), Ty::Enum(id)) => {
                let label = self.policy.enums[id].labels.get(*label as usize);
                label.and_then(|label| label.code).map(number::whole)
            }
            (Value::Float(value), _) => {
                if element != Element::Float {
                    return Ok(format!("{value:?}"));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "the nearest 32-bit float is meant"
                )]
                let float = *value as f32;
                // Digits beyond the largest 32-bit float
                if float.is_infinite() && value.is_finite() {
                    return Err(self.fault(Fault::TooLarge));
                }
                return Ok(format!("{float:?}"));
            }
            _ => None,
        };
        let written = match (element, &value, number) {
            // The standard library reads digits as the nearest float.
            (Element::Float, _, Some(number)) => {
                let float = number::text(&number).parse::<f32>();
                float.ok().map(|float| format!("{float:?}"))
            }
            (Element::Double, _, Some(number)) => {
                let float = number::text(&number).parse::<f64>();
                float.ok().map(|float| format!("{float:?}"))
            }
            (Element::Integer, _, Some(number)) => Some(number::text(&number)),
            (Element::Boolean, Value::Boolean(value), _) => Some(format!("{value:?}")),
            (Element::Text, Value::Text(value), _) => Some(format!("{value:?}")),
            (Element::Text, Value::Label(label), _) => match column.value.ty {
                Ty::Enum(id) => {
                    let label = self.policy.enums[id].labels.get(*label as usize);
                    label.map(|label| format!("{:?}", label.wire))
                }
                _ => None,
            },
            _ => None,
        };
        match written {
            Some(written) => Ok(written),
            None => self.broken("this cannot be fed"),
        }
    }
}
