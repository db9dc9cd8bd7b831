//! What was found of values and conditions, and what that rests on, so that in a narrower
//! box only what rests on what was learned is found again.
//!
//! Invariant: what is found depends on nothing of a box but on what it knows of the things
//! that are taken down here as consulted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::set::Set;
use super::assume::Narrowed;
use super::truth::place;
use super::{Case, Cause, Found, Locals, Truth};
use crate::ir::{Expr, ExprKind, Value};

/// What rests on more things than this is found again in each box
const MOST: usize = 64;

/// Something that a box may know of
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Value(Value),
    /// A condition, by where it lies
    Condition(usize),
    /// Whether this fails
    Cause(Cause),
}

/// What something rests on, in order; `None` where that is too much, or unknown
type Rests = Option<Rc<[Thing]>>;

/// What was found of something, and what that rests on
#[derive(Clone, Debug)]
struct Entry {
    found: Found,
    rests: Rests,
}

/// What was found in one box
#[derive(Debug, Default)]
pub(super) struct Memo(RefCell<BTreeMap<Thing, Entry>>);

/// What a box knows more where a condition came to this, and what that rests on; nothing
/// where there are no such cases
#[derive(Debug)]
struct Lesson {
    more: Option<More>,
    rests: Rests,
}

/// What is known more
#[derive(Debug)]
struct More {
    known: Vec<(Value, Set)>,
    facts: Vec<(usize, Truth)>,
    fails: Vec<(Cause, bool)>,
}

/// What was found and learned that rests on nothing that a box knew of, for all boxes that
/// are made of one; and what is being found
#[derive(Debug, Default)]
pub(super) struct Shared {
    found: Memo,
    lessons: RefCell<BTreeMap<(Thing, bool), Rc<Lesson>>>,
    /// What is consulted by each thing that is being found, the innermost last
    open: RefCell<Vec<Consulted>>,
}

/// What was consulted so far
#[derive(Debug, Default)]
struct Consulted {
    things: Vec<Thing>,
    /// Whether it is more than what is listed
    more: bool,
}

impl Consulted {
    fn add(&mut self, things: &[Thing]) {
        self.things.extend_from_slice(things);
        if self.things.len() > 4 * MOST {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.things.sort_unstable();
        self.things.dedup();
        if self.things.len() > MOST {
            self.more = true;
        }
        if self.more {
            self.things.clear();
        }
    }
}

impl Memo {
    fn get(&self, thing: Thing) -> Option<Entry> {
        self.0.borrow().get(&thing).cloned()
    }

    fn insert(&self, thing: Thing, entry: Entry) {
        self.0.borrow_mut().insert(thing, entry);
    }
}

impl Shared {
    /// Takes down that it was cut short what is being found.
    pub(super) fn cut(&self) {
        if let Some(last) = self.open.borrow_mut().last_mut() {
            last.more = true;
        }
    }

    fn consult(&self, things: &[Thing]) {
        if let Some(last) = self.open.borrow_mut().last_mut() {
            last.add(things);
        }
    }

    fn consult_all(&self, rests: &Rests) {
        match rests {
            Some(rests) => self.consult(rests),
            None => self.cut(),
        }
    }

    /// What something consulted that is found now; what it is found for rests on that, too.
    fn close(&self) -> Rests {
        let mut open = self.open.borrow_mut();
        let mut own = open.pop()?;
        own.settle();
        if let Some(last) = open.last_mut() {
            last.add(&own.things);
            last.more |= own.more;
        }
        (!own.more).then(|| own.things.into())
    }
}

impl<'p> Case<'p> {
    /// What a value that is no local may be, found once.
    pub(super) fn value_once(&self, value: Value, find: impl FnOnce() -> Found) -> Found {
        self.once(Thing::Value(value), find)
    }

    /// What a condition may come to, found once where nothing is bound around it.
    pub(super) fn condition_once(
        &self,
        condition: &Expr,
        locals: &Locals<'p>,
        find: impl FnOnce() -> Found,
    ) -> Found {
        match locals.is_empty() {
            true => self.once(Thing::Condition(place(condition)), find),
            false => find(),
        }
    }

    /// Takes down that it was asked whether a condition is known.
    pub(super) fn consult_condition(&self, condition: &Expr) {
        let shared = &self.work.shared;
        shared.consult(&[Thing::Condition(place(condition))]);
    }

    /// Takes down that it was asked whether something fails.
    pub(super) fn consult_cause(&self, cause: Cause) {
        self.work.shared.consult(&[Thing::Cause(cause)]);
    }

    fn once(&self, thing: Thing, find: impl FnOnce() -> Found) -> Found {
        let shared = &self.work.shared;
        let entry = self.memo.get(thing).or_else(|| {
            let entry = shared.found.get(thing)?;
            self.knows_nothing_of(&entry.rests).then_some(entry)
        });
        if let Some(entry) = entry {
            shared.consult_all(&entry.rests);
            return entry.found;
        }
        shared.open.borrow_mut().push(Consulted::default());
        shared.consult(&[thing]);
        let found = find();
        let rests = shared.close();
        if !self.is_used_up() {
            let entry = Entry {
                found: found.clone(),
                rests,
            };
            match self.knows_nothing_of(&entry.rests) {
                true => shared.found.insert(thing, entry),
                false => self.memo.insert(thing, entry),
            }
        }
        found
    }

    /// Narrows a box to where a condition around which nothing is bound comes to this, as
    /// `learn` does; what it learns is learned once. Tells whether there are such cases.
    pub(super) fn learn_once(
        here: &mut Narrowed<'p>,
        condition: &Expr,
        holds: bool,
        learn: impl FnOnce(&mut Narrowed<'p>) -> bool,
    ) -> bool {
        let thing = match &condition.kind {
            ExprKind::Value(value @ Value::Definition(_)) => Thing::Value(*value),
            ExprKind::And(_) | ExprKind::Or(_) => Thing::Condition(place(condition)),
            _ => return learn(here),
        };
        if !here.1.is_empty() {
            return learn(here);
        }
        let work = Rc::clone(&here.0.work);
        let key = (thing, holds);
        let lesson = work.shared.lessons.borrow().get(&key).cloned();
        if let Some(lesson) = lesson.filter(|lesson| here.0.knows_nothing_of(&lesson.rests)) {
            work.shared.consult_all(&lesson.rests);
            return here.0.take_in(&lesson);
        }
        let before = here.0.clone();
        work.shared.open.borrow_mut().push(Consulted::default());
        let left = learn(here);
        let rests = work.shared.close();
        if before.knows_nothing_of(&rests) && !before.is_used_up() {
            let more = left.then(|| here.0.more_than(&before));
            let lesson = Rc::new(Lesson { more, rests });
            work.shared.lessons.borrow_mut().insert(key, lesson);
        }
        left
    }

    /// What this box knows more than the one that it was made of.
    fn more_than(&self, before: &Case<'p>) -> More {
        let known = self.known.iter();
        let known = known.filter(|(value, _)| !before.known.contains_key(value));
        let facts = self.facts.iter();
        let facts = facts.filter(|(place, _)| !before.facts.contains_key(place));
        let fails = self.fails.iter();
        let fails = fails.filter(|(cause, fails)| before.fails.get(cause) != Some(fails));
        More {
            known: known.map(|(value, set)| (*value, set.clone())).collect(),
            facts: facts.map(|(place, fact)| (*place, fact.clone())).collect(),
            fails: fails.map(|(cause, fails)| (*cause, *fails)).collect(),
        }
    }

    /// Knows what was learned; tells whether there are such cases.
    fn take_in(&mut self, lesson: &Lesson) -> bool {
        let Some(more) = &lesson.more else {
            return false;
        };
        if !more.known.is_empty() {
            Rc::make_mut(&mut self.known).extend(more.known.iter().cloned());
        }
        if !more.facts.is_empty() {
            Rc::make_mut(&mut self.facts).extend(more.facts.iter().cloned());
        }
        self.fails.extend(more.fails.iter().copied());
        self.forget();
        true
    }

    /// Tells whether a box knows no more than its declarations of all that something rests
    /// on.
    fn knows_nothing_of(&self, rests: &Rests) -> bool {
        let Some(rests) = rests else {
            return false;
        };
        let in_them = |thing| rests.binary_search(&thing).is_ok();
        let values = self.known.keys().map(|value| Thing::Value(*value));
        let facts = self.facts.keys().map(|fact| Thing::Condition(*fact));
        let causes = self.fails.keys().map(|cause| Thing::Cause(*cause));
        !values.chain(facts).chain(causes).any(in_them)
    }
}
