//! Cases at random, of a checked policy's inputs.

use krites_lang::ir::{ConstRange, Input, Literal, Policy};
use krites_lang::{Date, Exact, InputId, ListId, Ty};

use super::Choose;
use crate::{Case, Element, Given, Stub};

/// Makes a case: values inside their ranges for the most part, at their edges often.
#[must_use]
pub fn case(choose: &mut Choose<'_>, policy: &Policy) -> Case {
    let mut case = Case {
        decision_date: date(choose),
        ..Case::default()
    };
    for (id, input) in policy.inputs.iter_ids() {
        let may_be_left_out = input.ty.optional || input.default.is_some();
        if may_be_left_out && choose.percent(25) {
            continue;
        }
        let given = if names_currency(policy, id) {
            let code = choose.word(&["GBP", "GBP", "EUR", "JPY", "KWD"]);
            Given::Text(code.to_owned())
        } else {
            field(choose, policy, input)
        };
        case.inputs.insert(id, given);
    }
    for (id, list) in policy.lists.iter_ids() {
        if list.within.is_none() && !(list.default_empty && choose.percent(20)) {
            case.lists.insert(id, elements(choose, policy, id, 5));
        }
    }
    for (id, model) in policy.models.iter_ids() {
        let stub = if choose.percent(12) {
            Stub::Fault
        } else {
            let answers = model.gives.iter().map(|give| match give.ty.ty {
                Ty::Integer => Given::Integer(choose.between(-5, 5)),
                Ty::Text => Given::Text(text(choose).to_owned()),
                Ty::Boolean => Given::Boolean(choose.percent(50)),
                _ => {
                    // Sometimes beyond what is promised
                    let units = if choose.percent(4) {
                        choose.between(1_000_002, 2_000_000)
                    } else {
                        choose.between(0, 1_000_000)
                    };
                    exact(units, 6)
                }
            });
            Stub::Answers(answers.collect())
        };
        case.models.insert(id, stub);
    }
    case
}

/// Whether an input says which currency others are in.
fn names_currency(policy: &Policy, id: InputId) -> bool {
    let inputs = &mut policy.inputs.iter();
    inputs.any(|input| input.ty.ty == Ty::MoneyOf(id))
}

/// A value of an input or of an element's field, missing ones among them.
fn field(choose: &mut Choose<'_>, policy: &Policy, input: &Input) -> Given {
    if input.ty.optional && choose.percent(30) {
        return Given::Missing;
    }
    if let Some(stands_for_missing) = &input.missing_when
        && choose.percent(15)
    {
        return Given::of(stands_for_missing);
    }
    value(choose, policy, input)
}

/// Elements of a list, fewer of those within records.
fn elements(choose: &mut Choose<'_>, policy: &Policy, id: ListId, most: usize) -> Vec<Element> {
    let count = choose.below(most);
    let list = &policy.lists[id];
    let inner: Vec<ListId> = policy
        .lists
        .iter_ids()
        .filter(|(_, found)| found.within == Some(id))
        .map(|(id, _)| id)
        .collect();
    (0..count)
        .map(|_| Element {
            fields: list
                .fields
                .iter()
                .map(|input| Some(field(choose, policy, input)))
                .collect(),
            lists: inner
                .iter()
                .map(|id| (*id, elements(choose, policy, *id, 3)))
                .collect(),
        })
        .collect()
}

fn exact(units: i64, places: u32) -> Given {
    Given::Exact(Exact::new(i128::from(units), places).unwrap_or_default())
}

/// A value of an input; rarely one that is refused.
fn value(choose: &mut Choose<'_>, policy: &Policy, input: &Input) -> Given {
    if let Some(range) = &input.range
        && choose.percent(97)
    {
        return inside(choose, range, input);
    }
    match input.ty.ty {
        Ty::Integer => match choose.below(30) {
            0 => Given::Integer(i64::MAX),
            1 => Given::Integer(i64::MIN),
            2..=6 => Given::Integer(choose.between(-1, 1)),
            _ => Given::Integer(choose.between(-40, 140)),
        },
        Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) => {
            let most = match input.ty.ty {
                Ty::MoneyOf(_) => u32::from(choose.percent(30)),
                _ => input.ty.places.unwrap_or(6).min(6),
            };
            match choose.below(40) {
                0 => Given::Exact(Exact::parse("9999999999999999999999999999").unwrap_or_default()),
                1 if input.ty.places.is_none() => {
                    Given::Exact(Exact::parse("0.0000000000000000000000000001").unwrap_or_default())
                }
                2..=8 => exact(choose.between(-1, 1), 0),
                _ => {
                    let places = u32::try_from(choose.below(most as usize + 1)).unwrap_or(0);
                    exact(choose.between(-3_000, 60_000), places)
                }
            }
        }
        Ty::Boolean => Given::Boolean(choose.percent(50)),
        Ty::Text => Given::Text(text(choose).to_owned()),
        Ty::Date => Given::Date(date(choose)),
        Ty::DateTime => Given::DateTime(instant(choose)),
        Ty::Duration => Given::Duration(match choose.below(20) {
            0 => i64::MAX / 2,
            _ => choose.between(-100, 4_000) * 60_000_000,
        }),
        Ty::Float => Given::Float(0.25),
        Ty::Enum(id) => {
            let labels = policy.enums[id].labels.len();
            Given::Label(u32::try_from(choose.below(labels)).unwrap_or(0))
        }
    }
}

/// A value in a range, its ends often.
fn inside(choose: &mut Choose<'_>, range: &ConstRange, input: &Input) -> Given {
    let places = input.ty.places.unwrap_or(4).min(4);
    let end = |bound: &Option<(Literal, bool)>| {
        bound
            .as_ref()
            .filter(|(_, inclusive)| *inclusive)
            .map(|(literal, _)| Given::of(literal))
    };
    match choose.below(6) {
        0 => {
            if let Some(given) = end(&range.low) {
                return given;
            }
        }
        1 => {
            if let Some(given) = end(&range.high) {
                return given;
            }
        }
        _ => {}
    }
    for _ in 0..8 {
        let (given, literal) = match input.ty.ty {
            Ty::Integer => {
                let value = choose.between(-130, 130);
                (Given::Integer(value), Literal::Integer(value))
            }
            Ty::Date => {
                let value = date(choose);
                (Given::Date(value), Literal::Date(value))
            }
            _ => {
                let scale = match input.ty.ty {
                    Ty::Percent => choose.between(0, 10_000),
                    Ty::Money(_) | Ty::MoneyOf(_) => choose.between(0, 6_000_000),
                    _ => choose.between(0, 200_000),
                };
                let value = Exact::new(i128::from(scale), places).unwrap_or_default();
                (Given::Exact(value), Literal::Exact(value))
            }
        };
        if range.contains(&literal) {
            return given;
        }
    }
    let bounds = [&range.low, &range.high].into_iter().flatten();
    let found = bounds.map(|(literal, _)| Given::of(literal)).next();
    found.unwrap_or(Given::Integer(0))
}

fn text(choose: &mut Choose<'_>) -> &'static str {
    choose.word(&[
        "car",
        "Car loan",
        "",
        "straße",
        "ÉCOLE 12",
        " padded ",
        "AB123456",
        "this is fraud, scam and more",
        "é",
        "e\u{301}te",
        "wire transfer",
        "WIRE TRANSFER",
        "car-12",
        "İstanbul",
    ])
}

fn date(choose: &mut Choose<'_>) -> Date {
    let (year, month) = match choose.below(20) {
        0 => (choose.between(1, 9_999), choose.between(1, 12)),
        _ => (choose.between(1_990, 2_060), choose.between(1, 12)),
    };
    let day = match choose.below(4) {
        0 => 28,
        1 => choose.between(29, 31),
        _ => choose.between(1, 28),
    };
    let narrow = |part: i64| i8::try_from(part).unwrap_or(1);
    let year = i16::try_from(year).unwrap_or(2_026);
    Date::new(year, narrow(month), narrow(day))
        .or_else(|| Date::new(year, narrow(month), 28))
        .unwrap_or_default()
}

/// An instant, near a change of clocks often.
fn instant(choose: &mut Choose<'_>) -> i64 {
    const HOUR: i64 = 3_600_000_000;
    // 2026-03-29T01:00Z, 2026-10-25T01:00Z, 2026-03-08T07:00Z, 2026-04-04T15:00Z
    let changes = [1_774_746_000, 1_792_890_000, 1_772_953_200, 1_775_314_800];
    match choose.below(4) {
        0 => {
            let change = choose.one(&changes).copied().unwrap_or(0);
            change * 1_000_000 + choose.between(-50, 50) * HOUR / 2
        }
        1 => choose.between(631_152_000, 2_840_140_800) * 1_000_000 + choose.between(0, 999_999),
        _ => choose.between(175_320, 788_940) * HOUR,
    }
}
