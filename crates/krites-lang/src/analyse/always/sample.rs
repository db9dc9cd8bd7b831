//! Cases of a box, one after the other, the same ones each time.

use super::super::case::{Case, Cause};
use super::super::cut::Spans;
use super::super::domain::Domain;
use super::super::set::{Set, Values};
use crate::Exact;
use crate::ids::{GroupId, Id as _, InputId, ListId, ModelId};
use crate::ir::{GivenElement, Literal, Model, Policy, StubbedAnswer, StubbedModel, Test, Value};
use crate::types::{Date, Ty};

/// Lists are tried with so many elements at most
const ELEMENTS: usize = 2;

/// What is chosen next, the same for the same seed
pub(super) struct Choose {
    state: u64,
    /// Whether what is plainest is chosen
    plain: bool,
}

impl Choose {
    pub(super) fn new(seed: u64) -> Self {
        Choose {
            state: seed,
            plain: seed == 0,
        }
    }

    /// One of so many, the first one where that is plainest.
    fn below(&mut self, count: usize) -> usize {
        if self.plain || count == 0 {
            return 0;
        }
        // SplitMix64: Steele, Lea and Flood, 2014
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % count as u64).unwrap_or(0)
    }
}

/// A case of a box, as a test states one; `None` where a value cannot be told.
pub(super) fn sample(case: &Case<'_>, choose: &mut Choose) -> Option<Test> {
    let policy = case.policy;
    let date = day(case, choose)?;
    let given: Vec<bool> = policy
        .groups
        .iter_ids()
        .map(|(id, _)| is_asked(case, Cause::Group(id)) && !fails(case, Cause::Group(id), choose))
        .collect();
    let wanted = |group: Option<GroupId>| {
        group.is_none_or(|id| given.get(id.position()).copied().unwrap_or(false))
    };
    let mut inputs = Vec::new();
    for (id, input) in policy.inputs.iter_ids() {
        if !wanted(input.group) {
            continue;
        }
        let value = pick_input(case, id, date, choose)?;
        // What is left out is missing, or its default
        if value.is_some() || (input.default.is_none() && !input.ty.optional) {
            inputs.push((id, Some(value?)));
        }
    }
    let lists = policy.lists.iter_ids();
    let lists = lists.filter(|(_, list)| list.within.is_none() && wanted(list.group));
    let lists = lists.map(|(id, _)| Some((id, elements(policy, id, choose)?)));
    let lists = lists.collect::<Option<_>>()?;
    let models = policy.models.iter_ids();
    let models =
        models.filter(|(id, model)| model.each.is_none() && is_asked(case, Cause::Model(*id)));
    let models = models.map(|(id, model)| Some((id, stub(case, id, model, choose)?)));
    Some(Test {
        title: String::new(),
        decision_date: Some(date),
        inputs,
        lists,
        models: models.collect::<Option<_>>()?,
        policies: Vec::new(),
        expects: Vec::new(),
        span: policy.decide.span,
    })
}

/// The day; a usual one, where any will do.
fn day(case: &Case<'_>, choose: &mut Choose) -> Option<Date> {
    let domain = Domain::of_value(case.policy, Value::DecisionDate)?;
    let set = case.value(Value::DecisionDate, &Vec::new()).set;
    let picked = match set == domain.set {
        true => pick(&domain, &set, &mut Choose::new(0)),
        false => pick(&domain, &set, choose),
    };
    match picked?? {
        Literal::Date(date) => Some(date),
        _ => None,
    }
}

/// Whether a decision may ask for something.
fn is_asked(case: &Case<'_>, cause: Cause) -> bool {
    case.may_fail(cause) != (false, false)
}

/// Whether something fails in the case, where both may be.
fn fails(case: &Case<'_>, cause: Cause, choose: &mut Choose) -> bool {
    match case.may_fail(cause) {
        (true, true) => choose.below(4) == 3,
        (fails, _) => fails,
    }
}

fn pick_input(
    case: &Case<'_>,
    id: InputId,
    date: Date,
    choose: &mut Choose,
) -> Option<Option<Literal>> {
    let policy = case.policy;
    let input = &policy.inputs[id];
    let mut ages = policy.groups.iter().filter_map(|group| group.as_of);
    if ages.any(|as_of| as_of == id) && input.ty.ty == Ty::Date {
        return Some(Some(Literal::Date(date)));
    }
    let names_currency = |ty: Ty| ty == Ty::MoneyOf(id);
    if policy
        .inputs
        .iter()
        .any(|input| names_currency(input.ty.ty))
    {
        return Some(Some(Literal::Text("GBP".into())));
    }
    pick_of(case, Value::Input(id), choose)
}

/// A value of what one may be in a box; `None` within where it is missing.
fn pick_of(case: &Case<'_>, value: Value, choose: &mut Choose) -> Option<Option<Literal>> {
    let domain = Domain::of_value(case.policy, value)?;
    let set = case.value(value, &Vec::new()).set;
    pick(&domain, &set, choose)
}

fn pick(domain: &Domain, set: &Set, choose: &mut Choose) -> Option<Option<Literal>> {
    if set.missing && (set.values.is_empty() || choose.below(4) == 1) {
        return Some(None);
    }
    let found = match &set.values {
        Values::Spans(spans) => number(domain, spans, choose),
        Values::Labels(labels) => {
            let open = (0_u32..).zip(labels).filter(|(_, may_be)| **may_be);
            let count = open.clone().count();
            let (label, _) = open.clone().nth(choose.below(count))?;
            Some(match domain.ty {
                Ty::Boolean => Literal::Boolean(label == 1),
                _ => Literal::Label(label),
            })
        }
        Values::Texts { named, others } => {
            let other = || {
                let mut text = "other".to_owned();
                while named.contains(text.as_str()) {
                    text.push('_');
                }
                Literal::Text(text.into())
            };
            let one = named.iter().nth(choose.below(named.len()));
            match (others, one) {
                (true, _) => Some(other()),
                (false, one) => one.map(|text| Literal::Text(text.clone())),
            }
        }
    };
    found.map(Some)
}

/// A number of a set: just within one of its ends, or between them.
fn number(domain: &Domain, spans: &Spans, choose: &mut Choose) -> Option<Literal> {
    let at = choose.below(spans.parts().len());
    let (low, high) = *spans.parts().get(at)?;
    let (first, last) = spans.ends(domain.grid).nth(at)?;
    let middle = || {
        let sum = first?.add(last?).ok()?;
        let middle = sum.divide(Exact::from_integer(2)).ok()?;
        Some(match domain.grid {
            Some(places) => middle.round(places, crate::ast::Rounding::Down),
            None => middle,
        })
    };
    let chosen = match choose.below(4) {
        0 => None,
        1 => first,
        2 => last,
        _ => middle(),
    };
    let within = |number: &Exact| {
        let point = Spans::point(*number).and(spans);
        let point = domain
            .grid
            .map_or(point.clone(), |places| point.on_grid(places));
        !point.parts().is_empty()
    };
    match chosen.filter(within) {
        Some(number) => domain.literal(number),
        None => domain.between(low, high),
    }
}

fn elements(policy: &Policy, id: ListId, choose: &mut Choose) -> Option<Vec<GivenElement>> {
    let list = &policy.lists[id];
    let count = choose.below(ELEMENTS + 1);
    let element = |choose: &mut Choose| {
        let fields = list.fields.iter().map(|field| {
            let domain = Domain::within(policy, field.ty, field.range.as_ref());
            pick(&domain, &domain.set, choose)
        });
        let fields = fields.collect::<Option<_>>()?;
        let within = policy.lists.iter_ids();
        let within = within.filter(|(_, inner)| inner.within == Some(id));
        Some(GivenElement {
            fields,
            lists: within.map(|(inner, _)| (inner, Vec::new())).collect(),
        })
    };
    (0..count).map(|_| element(choose)).collect()
}

/// What a model answers, or that it fails.
fn stub(case: &Case<'_>, id: ModelId, model: &Model, choose: &mut Choose) -> Option<StubbedModel> {
    if fails(case, Cause::Model(id), choose) {
        return Some(StubbedModel::Fault);
    }
    let mut answers = Vec::new();
    for (position, at) in (0..model.gives.len()).zip(0_u32..) {
        let value = pick_of(case, Value::Model(id, at), choose)??;
        answers.push((position, StubbedAnswer::Same(value)));
    }
    for distribution in &model.distributions {
        let (first, count) = (distribution.labels.first, distribution.labels.count);
        let one = Literal::Exact(Exact::from_integer(1));
        let may_be_sure = |at: &u32| {
            let domain = Domain::of_value(case.policy, Value::Model(id, *at));
            let set = case.value(Value::Model(id, *at), &Vec::new()).set;
            let sure = domain.and_then(|domain| domain.point(&one));
            sure.is_some_and(|sure| !sure.and(&set.values).is_empty())
        };
        let open: Vec<u32> = (first..first + count).filter(may_be_sure).collect();
        let sure = *open.get(choose.below(open.len()))?;
        for (position, answer) in &mut answers {
            let at = u32::try_from(*position).unwrap_or(u32::MAX);
            if (first..first + count).contains(&at) {
                let share = i64::from(at == sure);
                *answer = StubbedAnswer::Same(Literal::Exact(Exact::from_integer(share)));
            }
        }
    }
    Some(StubbedModel::Answers(answers))
}
