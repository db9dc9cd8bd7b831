//! The index over the rules of a set.

use super::from_ir_expr::Compiler;
use super::index::{Entries, Entry};
use super::{Index, RuleCode, Said, Truth, When};
use crate::ids::{Id as _, List, ReasonId, RuleId};

/// An index over the rules of a set; those in shadow are not in it
#[derive(Clone, Debug)]
pub(crate) struct IndexedRules {
    pub(crate) index: Index,
    /// What rules say, by entry of the index
    pub(crate) voices: Box<[Voice]>,
    /// Whether no rule says more
    pub(crate) plain: bool,
    /// The rules that are asked on all days, as bits of the policy's, 64 by 64
    pub(crate) daily: Box<[(usize, u64)]>,
    /// The rules that are asked on some days alone
    pub(crate) dated: Box<[RuleId]>,
}

/// What a rule says
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    pub(crate) rule: RuleId,
    pub(crate) outcome: u32,
    pub(crate) because: Option<ReasonId>,
    /// Whether that is all: most rules have nothing rare
    pub(crate) plain: bool,
}

/// Makes the index of a set, where it saves asking.
pub(super) fn indexed_rules(
    compiler: &Compiler,
    set: &[RuleId],
    rules: &List<RuleId, RuleCode>,
    room: &mut usize,
) -> Option<Box<IndexedRules>> {
    let rare = |id: RuleId| rules[id].rare.as_ref();
    let days = |id: RuleId| rare(id).and_then(|rare| rare.days);
    let in_shadow = |id: RuleId| rare(id).is_some_and(|rare| rare.shadow);
    let asked: Vec<RuleId> = set.iter().copied().filter(|id| !in_shadow(*id)).collect();
    if !asked.is_sorted() {
        return None;
    }
    let decision_date = compiler.decision_date?;
    let on_days: Vec<Option<Truth>> = asked
        .iter()
        .map(|id| Some(days(*id)?.condition(decision_date)))
        .collect();
    let mut entries = Entries::default();
    for (id, on_days) in asked.iter().zip(&on_days) {
        let rule = &rules[*id];
        let when = match &rule.when {
            When::Holds(when) => Some(when),
            When::RestOfSet => None,
            When::RestOfDecide => return None,
        };
        let conditions = on_days.iter().chain(when);
        let conditions = conditions.map(|truth| entries.condition(truth)).collect();
        let computed = rare(*id).is_some_and(|rare| matches!(rare.said, Said::Computed(_)));
        entries.entries.push(Entry {
            conditions,
            asked: computed,
        });
    }
    let index = compiler.index(&entries, &[], room)?;
    let mut daily: Vec<(usize, u64)> = Vec::new();
    for id in asked.iter().filter(|id| days(**id).is_none()) {
        let (word, bit) = (id.position() / 64, 1 << (id.position() % 64));
        match daily.last_mut() {
            Some((last, bits)) if *last == word => *bits |= bit,
            _ => daily.push((word, bit)),
        }
    }
    let dated = asked.iter().copied().filter(|id| days(*id).is_some());
    let voices: Box<[Voice]> = asked.iter().map(|id| voice(*id, &rules[*id])).collect();
    Some(Box::new(IndexedRules {
        index,
        plain: voices.iter().all(|voice| voice.plain),
        voices,
        daily: daily.into(),
        dated: dated.collect(),
    }))
}

fn voice(id: RuleId, rule: &RuleCode) -> Voice {
    Voice {
        rule: id,
        outcome: rule.outcome,
        because: rule.because,
        plain: rule.rare.is_none(),
    }
}
