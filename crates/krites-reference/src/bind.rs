//! From a case to its values: what is refused, what a default fills.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;
use krites_lang::ir::{ConstRange, Input, Literal, LocalTy, Policy, StubbedPolicy};
use krites_lang::{
    Currency, Date, DeclaredTy, Exact, GroupId, Id as _, InputId, ListId, MAX_LIST,
    MAX_LIST_VALUES, MAX_TEXT, SubpolicyId, Ty,
};
use num_bigint::BigInt;

use crate::case::Element;
use crate::group::{self, GroupState};
use crate::{Case, Given, Value, calendar, number};

/// The values of a case
#[derive(Clone)]
pub(crate) struct Bound {
    pub(crate) decision_date: NaiveDate,
    pub(crate) day: Date,
    /// What a case says of other policies
    pub(crate) policies: BTreeMap<SubpolicyId, StubbedPolicy>,
    pub(crate) inputs: Vec<Option<Value>>,
    pub(crate) lists: BTreeMap<ListId, Rc<[Record]>>,
    pub(crate) groups: Vec<GroupState>,
}

/// An element of a list
pub(crate) struct Record {
    pub(crate) fields: Vec<Option<Value>>,
    pub(crate) lists: BTreeMap<ListId, Rc<[Record]>>,
}

/// A case that is not taken: which of its inputs is named first, the page leaves open
#[derive(Debug)]
pub(crate) struct Refused;

/// Binds a case, or refuses it.
pub(crate) fn bind(policy: &Policy, case: &Case) -> Result<Bound, Refused> {
    let currency = |id: InputId| match case.inputs.get(&id) {
        Some(Given::Text(code)) => Currency::parse(code),
        _ => None,
    };
    let groups = group::given(policy, case, &currency)?;
    let is_given = |group: Option<GroupId>| {
        group.is_none_or(|group| groups.get(group.position()) == Some(&true))
    };
    for id in currencies(policy) {
        if currency(id).is_none() && is_given(policy.inputs[id].group) {
            return Err(Refused);
        }
    }
    let mut inputs = Vec::with_capacity(policy.inputs.len());
    for (id, input) in policy.inputs.iter_ids() {
        if !is_given(input.group) {
            inputs.push(None);
            continue;
        }
        let value = value(policy, input, case.inputs.get(&id), &currency);
        inputs.push(value.ok_or(Refused)?);
    }
    let values = case
        .lists
        .iter()
        .map(|(id, given)| values(policy, *id, given));
    if values.sum::<usize>() > MAX_LIST_VALUES {
        return Err(Refused);
    }
    let mut lists = BTreeMap::new();
    for (id, list) in policy.lists.iter_ids() {
        if list.within.is_none() && is_given(list.group) {
            let elements = elements(policy, id, case.lists.get(&id), &currency)?;
            lists.insert(id, elements);
        }
    }
    Ok(Bound {
        decision_date: calendar::date(case.decision_date),
        day: case.decision_date,
        policies: case.policies.clone(),
        inputs,
        lists,
        groups: groups
            .iter()
            .map(|given| match given {
                true => GroupState::Given,
                false => GroupState::NotGiven,
            })
            .collect(),
    })
}

/// How many values a list has, each field of a record counted; a record without
/// fields is one.
fn values(policy: &Policy, id: ListId, given: &[Element]) -> usize {
    let own = given.len() * policy.lists[id].fields.len().max(1);
    let within = given.iter().flat_map(|element| &element.lists);
    let within = within.map(|(id, given)| values(policy, *id, given));
    own + within.sum::<usize>()
}

fn elements(
    policy: &Policy,
    id: ListId,
    given: Option<&Vec<Element>>,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Result<Rc<[Record]>, Refused> {
    let list = &policy.lists[id];
    let given = match given {
        Some(given) => given.as_slice(),
        None if list.default_empty => &[],
        None => return Err(Refused),
    };
    if given.len() > MAX_LIST {
        return Err(Refused);
    }
    let mut records = Vec::with_capacity(given.len());
    for element in given {
        let mut fields = Vec::with_capacity(list.fields.len());
        for (position, field) in list.fields.iter().enumerate() {
            let given = element.fields.get(position).and_then(Option::as_ref);
            fields.push(value(policy, field, given, currency).ok_or(Refused)?);
        }
        let mut lists = BTreeMap::new();
        for (inner, list) in policy.lists.iter_ids() {
            if list.within == Some(id) {
                let within = element.lists.get(&inner);
                lists.insert(inner, elements(policy, inner, within, currency)?);
            }
        }
        records.push(Record { fields, lists });
    }
    Ok(records.into())
}

/// The value of an input or field, missing included; `None` where it is refused.
fn value(
    policy: &Policy,
    input: &Input,
    given: Option<&Given>,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Option<Option<Value>> {
    let there = match given {
        None | Some(Given::Missing) => None,
        Some(given) => Some(typed(policy, input.ty, given, currency)?),
    };
    let constant = |literal: &Literal| constant(input.ty.ty, literal);
    let missing_when = input.missing_when.as_ref().map(constant);
    let there = there.filter(|value| Some(value) != missing_when.as_ref());
    match there {
        Some(value) => {
            let inside = input
                .range
                .as_ref()
                .is_none_or(|range| inside(range, &value));
            inside.then_some(Some(value))
        }
        None => match &input.default {
            Some(default) => {
                let default = constant(default);
                has_no_more_digits(input.ty, &default, currency).then_some(Some(default))
            }
            None => input.ty.optional.then_some(None),
        },
    }
}

/// A constant of an input's type: of one that is merely fed to models, a float.
fn constant(ty: Ty, literal: &Literal) -> Value {
    match (ty, literal) {
        (Ty::Float, Literal::Exact(value)) => {
            float(*value).map_or(Value::of(literal), Value::Float)
        }
        _ => Value::of(literal),
    }
}

/// The nearest float, as the standard library reads digits.
fn float(value: Exact) -> Option<f64> {
    number::text(&number::from_exact(value)).parse().ok()
}

pub(crate) fn typed(
    policy: &Policy,
    ty: DeclaredTy,
    given: &Given,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Option<Value> {
    match (ty.ty, given) {
        (Ty::Integer, Given::Integer(value)) => Some(Value::Number(number::whole(*value))),
        (Ty::Integer, Given::Exact(value)) => {
            let value = number::from_exact(*value);
            number::to_integer(&value)?;
            Some(Value::Number(value))
        }
        (
            Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_),
            Given::Integer(_) | Given::Exact(_),
        ) => {
            let value = match given {
                Given::Exact(value) => number::from_exact(*value),
                Given::Integer(value) => number::whole(*value),
                _ => return None,
            };
            let value = Value::Number(value);
            has_no_more_digits(ty, &value, currency).then_some(value)
        }
        (Ty::Boolean, Given::Boolean(value)) => Some(Value::Boolean(*value)),
        (Ty::Text, Given::Text(value)) => {
            (value.len() <= MAX_TEXT).then(|| Value::Text(Arc::from(value.as_str())))
        }
        (Ty::Date, Given::Date(value)) => Some(Value::Date(calendar::date(*value))),
        (Ty::DateTime, Given::DateTime(value)) => {
            let value = calendar::instant(&BigInt::from(*value)).ok()?;
            Some(Value::DateTime(value))
        }
        (Ty::Duration, Given::Duration(value)) => Some(Value::Duration(BigInt::from(*value))),
        (Ty::Enum(id), Given::Label(value)) => {
            let known = policy.enums[id].labels.len();
            ((*value as usize) < known).then_some(Value::Label(*value))
        }
        (Ty::Float, Given::Float(value)) => (!value.is_infinite()).then_some(Value::Float(*value)),
        (Ty::Float, Given::Exact(value)) => float(*value).map(Value::Float),
        (Ty::Float, Given::Integer(value)) => float(Exact::from_integer(*value)).map(Value::Float),
        _ => None,
    }
}

/// Tells whether a number has no more digits than its type.
fn has_no_more_digits(
    ty: DeclaredTy,
    value: &Value,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> bool {
    match (value, places(ty, currency)) {
        (Value::Number(value), Some(most)) => {
            number::places(value).is_some_and(|places| places <= most)
        }
        _ => true,
    }
}

/// Digits behind the point that a type rounds to, where it rounds.
pub(crate) fn places(
    ty: DeclaredTy,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Option<u32> {
    match ty.ty {
        Ty::MoneyOf(id) if ty.minor_unit => currency(id).map(|found| found.minor_digits()),
        _ => ty.places,
    }
}

/// Tells whether a value lies in a range of constants.
pub(crate) fn inside(range: &ConstRange, value: &Value) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let above =
        range
            .low
            .as_ref()
            .is_none_or(|(low, inclusive)| match value.order(&Value::of(low)) {
                Some(Greater) => true,
                Some(Equal) => *inclusive,
                Some(Less) | None => false,
            });
    let below =
        range
            .high
            .as_ref()
            .is_none_or(|(high, inclusive)| match value.order(&Value::of(high)) {
                Some(Less) => true,
                Some(Equal) => *inclusive,
                Some(Greater) | None => false,
            });
    above && below
}

/// Inputs that name a currency.
fn currencies(policy: &Policy) -> Vec<InputId> {
    let fields = policy.lists.iter().flat_map(|list| &list.fields);
    let locals = policy.locals.iter().filter_map(|local| match local.ty {
        LocalTy::Value(ty) => Some(ty),
        LocalTy::Elements(_) => None,
    });
    let outputs = policy.tables.iter().flat_map(|table| &table.outputs);
    let types = policy.inputs.iter().chain(fields).map(|input| input.ty);
    let types = types
        .chain(policy.definitions.iter().map(|definition| definition.ty))
        .chain(outputs.map(|output| output.ty))
        .chain(policy.outputs.iter().map(|output| output.ty))
        .chain(locals);
    let mut found: Vec<InputId> = types
        .filter_map(|ty| match ty.ty {
            Ty::MoneyOf(id) => Some(id),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
