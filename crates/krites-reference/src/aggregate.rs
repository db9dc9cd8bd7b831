//! What is made of the elements of a list or series.

use std::rc::Rc;

use krites_lang::ast::AggregateKind;
use krites_lang::ir::{self, Aggregate, Expr, Over};
use krites_lang::{LocalId, MAX_STEPS, Ty};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::bind::Record;
use crate::run::{Found, Local, Run};
use crate::{Fault, Value, number};

/// What the elements have come to so far
struct SoFar {
    /// How many count
    count: u64,
    /// Their sum
    sum: BigRational,
    /// The smallest, largest or first
    chosen: Option<Value>,
}

impl<'p> Run<'p, '_> {
    pub(crate) fn aggregate(&mut self, aggregate: &'p Aggregate, ty: Ty) -> Found<Value> {
        let mut so_far = SoFar {
            count: 0,
            sum: number::zero(),
            chosen: None,
        };
        let elements = self.elements(&aggregate.over)?;
        for position in 0..elements.len() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(self.fault(Fault::TooManySteps));
            }
            self.bind_element(aggregate, &elements, position)?;
            let holds = match &aggregate.condition {
                Some(condition) => self.truth(condition)?,
                None => true,
            };
            match aggregate.kind {
                AggregateKind::Any if holds => return Ok(Value::Boolean(true)),
                AggregateKind::Every if !holds => return Ok(Value::Boolean(false)),
                AggregateKind::Any | AggregateKind::Every => continue,
                _ if !holds => continue,
                _ => {}
            }
            so_far.count += 1;
            if let Some(value) = &aggregate.value {
                self.take(aggregate.kind, value, ty, &mut so_far)?;
            }
            if aggregate.kind == AggregateKind::First {
                break;
            }
        }
        self.result(aggregate, ty, so_far)
    }

    fn result(&mut self, aggregate: &'p Aggregate, ty: Ty, so_far: SoFar) -> Found<Value> {
        let of_number = |value: BigRational| match ty {
            Ty::Duration => Value::Duration(value.to_integer()),
            _ => Value::Number(value),
        };
        match (aggregate.kind, so_far.count, &aggregate.if_none) {
            (AggregateKind::Any, ..) => Ok(Value::Boolean(false)),
            (AggregateKind::Every, ..) => Ok(Value::Boolean(true)),
            (AggregateKind::Count, count, _) => Ok(Value::Number(BigRational::from_integer(
                BigInt::from(count),
            ))),
            (AggregateKind::Sum, ..) => Ok(of_number(so_far.sum)),
            (_, 0, Some(if_none)) => self.there(if_none),
            (_, 0, None) => self.broken("no element counts, and nothing stands in"),
            (AggregateKind::Average, count, _) => {
                let average = so_far.sum / BigInt::from(count);
                Ok(of_number(self.kept(ty, average, true)?))
            }
            (AggregateKind::Min | AggregateKind::Max | AggregateKind::First, ..) => {
                match so_far.chosen {
                    Some(chosen) => Ok(chosen),
                    None => self.broken("no value is chosen"),
                }
            }
        }
    }

    /// Takes the value of an element that counts.
    fn take(
        &mut self,
        kind: AggregateKind,
        value: &'p Expr,
        ty: Ty,
        so_far: &mut SoFar,
    ) -> Found<()> {
        match kind {
            AggregateKind::Sum | AggregateKind::Average => {
                let goes_on = self.reference.quotients.goes_on(value);
                let sum = &so_far.sum + self.number(value)?;
                so_far.sum = self.kept(ty, sum, goes_on)?;
            }
            AggregateKind::Min | AggregateKind::Max => {
                let wanted = match kind {
                    AggregateKind::Min => std::cmp::Ordering::Less,
                    _ => std::cmp::Ordering::Greater,
                };
                let value = self.there(value)?;
                let chosen = so_far.chosen.as_ref();
                if chosen.is_none_or(|chosen| value.order(chosen) == Some(wanted)) {
                    so_far.chosen = Some(value);
                }
            }
            AggregateKind::First => so_far.chosen = Some(self.there(value)?),
            AggregateKind::Count | AggregateKind::Any | AggregateKind::Every => {}
        }
        Ok(())
    }

    fn elements(&mut self, over: &'p Over) -> Found<Elements<'p>> {
        match over {
            Over::Series { inputs, .. } => Ok(Elements::Series(inputs)),
            Over::Labels { labels, .. } => Ok(Elements::Labels(labels.count)),
            Over::Rows { table, fields } => {
                let count = self.chosen(*table)?.rows().len();
                for (output, _) in fields {
                    self.given_by_rows(*table, *output)?;
                }
                Ok(Elements::Rows(count))
            }
            Over::List { list, elements, .. } => {
                let records = match elements {
                    Some(local) => match self.locals.get(local) {
                        Some(Local::Elements(records)) => Some(Rc::clone(records)),
                        _ => None,
                    },
                    None => {
                        if let Some(group) = self.policy.lists[*list].group {
                            self.ask_group(group)?;
                        }
                        self.case.lists.get(list).map(Rc::clone)
                    }
                };
                match records {
                    Some(records) => Ok(Elements::Records(records)),
                    None => self.broken("a list that is not there"),
                }
            }
        }
    }

    fn bind_element(
        &mut self,
        aggregate: &'p Aggregate,
        elements: &Elements<'_>,
        position: usize,
    ) -> Found<()> {
        match (&aggregate.over, elements) {
            (Over::Series { each, .. }, Elements::Series(inputs)) => {
                let Some(input) = inputs.get(position) else {
                    return self.broken("a series' element that is not there");
                };
                // What is merely counted is not read.
                if reads(aggregate, *each) {
                    let value = self.named(ir::Value::Input(*input))?;
                    self.bind_local(*each, value);
                }
            }
            (
                Over::Labels {
                    labels,
                    label,
                    probability,
                },
                Elements::Labels(_),
            ) => {
                let at = u32::try_from(position).unwrap_or(u32::MAX);
                if let Some(local) = probability {
                    let value = self.named(labels.of(at))?;
                    self.bind_local(*local, value);
                }
                if let Some(local) = label {
                    self.bind_local(*local, Some(Value::Label(at)));
                }
            }
            (Over::Rows { table, fields }, Elements::Rows(_)) => {
                for (output, local) in fields {
                    let values = self.given_by_rows(*table, *output)?;
                    match values.get(position) {
                        Some(value) => self.bind_local(*local, value.clone()),
                        None => return self.broken("a row that is not there"),
                    }
                }
            }
            (Over::List { fields, inner, .. }, Elements::Records(records)) => {
                let Some(record) = records.get(position) else {
                    return self.broken("an element that is not there");
                };
                for (field, local) in fields {
                    match record.fields.get(*field) {
                        Some(value) => self.bind_local(*local, value.clone()),
                        None => return self.broken("a field that is not there"),
                    }
                }
                for (list, local) in inner {
                    match record.lists.get(list) {
                        Some(records) => {
                            let records = Local::Elements(Rc::clone(records));
                            self.locals.insert(*local, records);
                        }
                        None => return self.broken("an inner list that is not there"),
                    }
                }
            }
            _ => return self.broken("elements of another kind"),
        }
        Ok(())
    }
}

/// The elements of an aggregate
enum Elements<'p> {
    Series(&'p [krites_lang::InputId]),
    Records(Rc<[Record]>),
    /// So many labels
    Labels(u32),
    /// So many rows
    Rows(usize),
}

impl Elements<'_> {
    fn len(&self) -> usize {
        match self {
            Elements::Series(inputs) => inputs.len(),
            Elements::Records(records) => records.len(),
            Elements::Labels(count) => *count as usize,
            Elements::Rows(count) => *count,
        }
    }
}

/// Tells whether what is asked or computed of elements reads them.
fn reads(aggregate: &Aggregate, each: LocalId) -> bool {
    let mut read = false;
    let parts = [&aggregate.condition, &aggregate.value];
    for part in parts.into_iter().flatten() {
        part.each_value(&mut |value| read |= value == ir::Value::Local(each));
    }
    read
}
