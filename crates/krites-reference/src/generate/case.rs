//! Cases at random, of a checked policy's inputs.

use krites_lang::ast::Unit;
use krites_lang::ir::{ConstRange, Group, Input, Literal, Model, Policy};
use krites_lang::{Date, DeclaredTy, Exact, GroupId, Id as _, InputId, ListId, MAX_TEXT, Ty};

use super::Choose;
use crate::{Case, Element, Given, Stub};

/// How many of a hundred cases may give values that are refused
const STRAYS: usize = 12;
/// How many of a hundred cases give texts as long as they may be
const LONG: usize = 20;

/// Makes a case: values inside their ranges for the most part, at their edges often.
#[must_use]
pub fn case(choose: &mut Choose<'_>, policy: &Policy) -> Case {
    let (strays, long) = (choose.percent(STRAYS), choose.percent(LONG));
    let mut maker = Maker {
        choose,
        policy,
        strays,
        long,
        case: Case::default(),
    };
    maker.case.decision_date = date(maker.choose);
    let given: Vec<Presence> = policy.groups.iter().map(|_| maker.presence()).collect();
    let presence = |group: Option<GroupId>| {
        let found = group.and_then(|group| given.get(group.position()));
        found.copied().unwrap_or(Presence::Given)
    };
    for (id, input) in policy.inputs.iter_ids() {
        match presence(input.group) {
            Presence::Given => {}
            Presence::Part if maker.choose.percent(70) => {}
            Presence::Absent if maker.choose.percent(10) => {
                maker.case.inputs.insert(id, Given::Missing);
                continue;
            }
            Presence::Part | Presence::Absent => continue,
        }
        let may_be_left_out = input.ty.optional || input.default.is_some();
        if may_be_left_out && maker.choose.percent(25) {
            continue;
        }
        let given = if names_currency(policy, id) {
            let code = maker.choose.word(&["GBP", "GBP", "EUR", "JPY", "KWD"]);
            Given::Text(code.to_owned())
        } else if let Some(group) = input.group
            && policy.groups[group].as_of == Some(id)
        {
            maker.as_of(&policy.groups[group], input)
        } else {
            maker.field(input)
        };
        maker.case.inputs.insert(id, given);
    }
    for (id, list) in policy.lists.iter_ids() {
        let there = presence(list.group) == Presence::Given;
        if there && list.within.is_none() && !(list.default_empty && maker.choose.percent(20)) {
            let elements = maker.elements(id, 5);
            maker.case.lists.insert(id, elements);
        }
    }
    for (id, model) in policy.models.iter_ids() {
        let stub = maker.stub(model);
        maker.case.models.insert(id, stub);
    }
    maker.case
}

/// Whether an input says which currency others are in.
fn names_currency(policy: &Policy, id: InputId) -> bool {
    let inputs = &mut policy.inputs.iter();
    inputs.any(|input| input.ty.ty == Ty::MoneyOf(id))
}

/// Whether a group of inputs is given
#[derive(Clone, Copy, PartialEq)]
enum Presence {
    Given,
    /// Some of it, which is refused
    Part,
    Absent,
}

/// Makes one case
struct Maker<'m, 'b> {
    choose: &'m mut Choose<'b>,
    policy: &'m Policy,
    /// Whether values may be given that are refused
    strays: bool,
    /// Whether texts are as long as they may be
    long: bool,
    case: Case,
}

impl Maker<'_, '_> {
    /// Whether a group is given.
    fn presence(&mut self) -> Presence {
        match self.choose.below(10) {
            0 if self.strays => Presence::Part,
            0 | 1 => Presence::Absent,
            _ => Presence::Given,
        }
    }

    /// The day that a group is of: near the last on which it holds, or today, often.
    fn as_of(&mut self, group: &Group, input: &Input) -> Given {
        let today = self.case.decision_date;
        let day = match (self.choose.below(8), group.stale_after) {
            (0, _) => Some(date(self.choose)),
            (1, _) => today.add_days(self.choose.between(0, 1)),
            (2..=4, Some(age)) => {
                let count = -i64::from(age.count);
                let last = match age.unit {
                    Unit::Weeks => today.add_days(7 * count),
                    Unit::Months => today.add_months(count),
                    Unit::Years => today.add_years(count),
                    _ => today.add_days(count),
                };
                let near = self.choose.between(-1, 1);
                last.and_then(|last| last.add_days(near))
            }
            _ => today.add_days(-self.choose.between(0, 1)),
        };
        let day = day.unwrap_or(today);
        match input.ty.ty {
            Ty::DateTime => {
                let epoch = Date::new(1_970, 1, 1).unwrap_or_default();
                let hours = epoch.days_until(day) * 24 + self.choose.between(0, 23);
                Given::DateTime(hours * 3_600_000_000)
            }
            _ => Given::Date(day),
        }
    }

    /// What a model says, for each row where it is asked for those of a rank.
    fn stub(&mut self, model: &Model) -> Stub {
        if self.choose.percent(10) {
            return Stub::Fault;
        }
        let rows = match &model.each {
            Some(each) => self.policy.tables[each.table].rows.len(),
            None => 1,
        };
        let mut answers = Vec::new();
        for _ in 0..rows {
            answers.extend(self.answers(model));
        }
        Stub::Answers(answers)
    }

    fn answers(&mut self, model: &Model) -> Vec<Given> {
        let answers = model.gives.iter().map(|give| match give.ty.ty {
            _ if self.choose.percent(3) => Given::Missing,
            Ty::Integer => Given::Integer(self.choose.between(-5, 5)),
            Ty::Text if self.choose.percent(12) => Given::Text("x".repeat(MAX_TEXT + 1)),
            Ty::Text => Given::Text(text(self.choose).to_owned()),
            Ty::Boolean => Given::Boolean(self.choose.percent(50)),
            _ => match self.choose.below(24) {
                // Beyond what is promised
                0 | 3 => exact(self.choose.between(1_000_002, 2_000_000), 6),
                1 => Given::Float(f64::NAN),
                2 => Given::Float(f64::NEG_INFINITY),
                _ => exact(self.choose.between(0, 1_000_000), 6),
            },
        });
        let mut answers: Vec<Given> = answers.collect();
        for distribution in &model.distributions {
            let first = distribution.labels.first as usize;
            let labels = answers.iter_mut().skip(first);
            for (label, probability) in labels.zip(self.probabilities()) {
                if !matches!(label, Given::Missing | Given::Float(_)) {
                    *label = probability;
                }
            }
        }
        answers
    }

    /// Probabilities of four labels that sum to 1, some of them the same; at times to
    /// a little more or less.
    fn probabilities(&mut self) -> Vec<Given> {
        let (mut rest, mut shares) = (1_000_000, Vec::new());
        for left in (1..4).rev() {
            let share = match self.choose.below(4) {
                0 => rest / (left + 1),
                1 => 0,
                _ => self.choose.between(0, rest),
            };
            shares.push(share);
            rest -= share;
        }
        shares.push(rest);
        // As far off as they may be, and a little further
        let off = match self.choose.below(9) {
            0 => 1_000,
            1 | 2 => 1_001,
            3 => -1_001,
            _ => 0,
        };
        if let Some(share) = shares.iter_mut().max() {
            *share += off;
        }
        let shares = shares.into_iter().map(|share| exact(share, 6));
        shares.collect()
    }

    /// A value of an input or of an element's field, missing ones among them.
    fn field(&mut self, input: &Input) -> Given {
        if input.ty.optional && self.choose.percent(30) {
            return Given::Missing;
        }
        if let Some(stands_for_missing) = &input.missing_when
            && self.choose.percent(15)
        {
            return Given::of(stands_for_missing);
        }
        self.value(input)
    }

    /// Elements of a list, fewer of those within records.
    fn elements(&mut self, id: ListId, most: usize) -> Vec<Element> {
        let count = self.choose.below(most);
        let policy = self.policy;
        let lists = policy.lists.iter_ids();
        let inner: Vec<ListId> = lists
            .filter(|(_, found)| found.within == Some(id))
            .map(|(id, _)| id)
            .collect();
        (0..count)
            .map(|_| Element {
                fields: policy.lists[id]
                    .fields
                    .iter()
                    .map(|input| Some(self.field(input)))
                    .collect(),
                lists: inner
                    .iter()
                    .map(|id| (*id, self.elements(*id, 3)))
                    .collect(),
            })
            .collect()
    }

    /// A value of an input; one that is refused where those may be given.
    fn value(&mut self, input: &Input) -> Given {
        if let Some(range) = &input.range
            && !(self.strays && self.choose.percent(10))
        {
            return self.inside(range, input);
        }
        match input.ty.ty {
            Ty::Integer => match self.choose.below(30) {
                0 => Given::Integer(i64::MAX),
                1 => Given::Integer(i64::MIN),
                2..=6 => Given::Integer(self.choose.between(-1, 1)),
                _ => Given::Integer(self.choose.between(-40, 140)),
            },
            Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) => self.number(input.ty),
            Ty::Boolean => Given::Boolean(self.choose.percent(50)),
            Ty::Text if self.long => {
                let stray = usize::from(self.strays && self.choose.percent(20));
                // The second is longer in small letters.
                let letter = self.choose.word(&["\u{e9}", "\u{130}"]);
                Given::Text(letter.repeat(MAX_TEXT / 2) + &"x".repeat(stray))
            }
            Ty::Text => Given::Text(text(self.choose).to_owned()),
            Ty::Date => Given::Date(date(self.choose)),
            Ty::DateTime => Given::DateTime(instant(self.choose)),
            Ty::Duration => Given::Duration(match self.choose.below(20) {
                0 => i64::MAX / 2,
                _ => self.choose.between(-100, 4_000) * 60_000_000,
            }),
            Ty::Float => Given::Float(0.25),
            Ty::Enum(id) => {
                let labels = self.policy.enums[id].labels.len();
                Given::Label(u32::try_from(self.choose.below(labels)).unwrap_or(0))
            }
        }
    }

    /// A value in a range, its ends often.
    fn inside(&mut self, range: &ConstRange, input: &Input) -> Given {
        let places = self.places(input.ty).min(4);
        // Numbers by the units of their last digit, dates by chance
        let units = |bound: &Option<(Literal, bool)>| match bound {
            Some((Literal::Exact(end), _)) => {
                Some(end.to_f64() * 10_f64.powi(places.cast_signed()))
            }
            #[expect(clippy::cast_precision_loss, reason = "ends of ranges are small")]
            Some((Literal::Integer(end), _)) => Some(*end as f64),
            _ => None,
        };
        let (low, high) = match (units(&range.low), units(&range.high)) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => (low, low + 200_000.0),
            (None, Some(high)) => (high - 200_000.0, high),
            (None, None) => (0.0, 0.0),
        };
        #[expect(clippy::cast_possible_truncation, reason = "ends of ranges are small")]
        let (low, high) = (low.ceil() as i64, high.floor() as i64);
        for _ in 0..16 {
            let units = match self.choose.below(6) {
                0 => low,
                1 => high,
                _ => self.choose.between(low, high),
            };
            let literal = match input.ty.ty {
                Ty::Integer => Literal::Integer(units),
                Ty::Date => Literal::Date(date(self.choose)),
                _ => Literal::Exact(Exact::new(i128::from(units), places).unwrap_or_default()),
            };
            if range.contains(&literal) {
                return Given::of(&literal);
            }
        }
        let mut bounds = [&range.low, &range.high].into_iter().flatten();
        let bound = bounds.next().map(|(literal, _)| Given::of(literal));
        bound.unwrap_or(Given::Missing)
    }

    /// A number with digits behind the point, as many as its type takes.
    fn number(&mut self, ty: DeclaredTy) -> Given {
        let most = match ty.ty {
            Ty::MoneyOf(_) if self.strays && self.choose.percent(10) => 4,
            _ => self.places(ty).min(6),
        };
        match self.choose.below(40) {
            0 => Given::Exact(Exact::parse("9999999999999999999999999999").unwrap_or_default()),
            1 if ty.places.is_none() && !matches!(ty.ty, Ty::MoneyOf(_)) => {
                Given::Exact(Exact::parse("0.0000000000000000000000000001").unwrap_or_default())
            }
            2..=8 => exact(self.choose.between(-1, 1), 0),
            _ => {
                let places = u32::try_from(self.choose.below(most as usize + 1)).unwrap_or(0);
                exact(self.choose.between(-3_000, 60_000), places)
            }
        }
    }

    /// How many digits a value of the type may have behind the point.
    fn places(&self, ty: DeclaredTy) -> u32 {
        match ty.ty {
            Ty::MoneyOf(currency) => self.digits(currency),
            _ => ty.places.unwrap_or(6),
        }
    }

    /// How many digits the currency has that the case names.
    fn digits(&self, currency: InputId) -> u32 {
        match self.case.inputs.get(&currency) {
            Some(Given::Text(code)) if code == "JPY" => 0,
            Some(Given::Text(code)) if code == "KWD" => 3,
            _ => 2,
        }
    }
}

fn exact(units: i64, places: u32) -> Given {
    Given::Exact(Exact::new(i128::from(units), places).unwrap_or_default())
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
        0 | 1 => {
            let change = choose.one(&changes).copied().unwrap_or(0);
            let hours = match choose.below(2) {
                0 => 12 * choose.between(-4, 4) + choose.between(-1, 1),
                _ => choose.between(-25, 25),
            };
            change * 1_000_000 + hours * HOUR + choose.between(-1, 1) * HOUR / 2
        }
        2 => choose.between(631_152_000, 2_840_140_800) * 1_000_000 + choose.between(0, 999_999),
        _ => choose.between(175_320, 788_940) * HOUR,
    }
}
