//! What is made ready of a policy, once for all its cases.

use std::cell::Cell;
use std::collections::BTreeMap;

use chrono_tz::Tz;
use krites_lang::ir::{ListValues, Policy, Test};
use krites_lang::{Id as _, LookupId, NamedListId, PatternId};

use crate::bind::bind;
use crate::files::{Files, Rows};
use crate::pattern::Pattern;
use crate::quotient::Quotients;
use crate::run::Run;
use crate::verdict::{Ending, Verdict};
use crate::{Case, Fault};

/// The interpreter of one policy
pub struct Reference<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) quotients: Quotients<'p>,
    pub(crate) zone: Option<Tz>,
    patterns: Vec<Option<Pattern>>,
    lists: BTreeMap<NamedListId, Rows>,
    lookups: BTreeMap<LookupId, Rows>,
    /// How many parts of expressions it has computed
    pub(crate) computed: Cell<u64>,
    /// The policies that it asks
    pub(crate) asked: Vec<Reference<'p>>,
}

impl<'p> Reference<'p> {
    /// Makes the interpreter of a policy that names no files.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self::with_files(policy, &Files::new())
    }

    /// Makes the interpreter of a policy with the files that it names.
    #[must_use]
    pub fn with_files(policy: &'p Policy, files: &Files) -> Self {
        let patterns = policy.patterns.iter();
        let lists = policy.named_lists.iter_ids();
        let lists = lists.filter_map(|(id, list)| match &list.values {
            ListValues::File(declared) => Some((id, Rows::read(declared, files)?)),
            ListValues::Constants(_) => None,
        });
        let lookups = policy.lookups.iter_ids();
        let lookups = lookups.filter_map(|(id, found)| Some((id, Rows::read(&found.file, files)?)));
        Self {
            policy,
            quotients: Quotients::of(policy),
            zone: policy.time_zone.as_ref().and_then(|name| name.parse().ok()),
            patterns: patterns
                .map(|pattern| Pattern::parse(pattern.text()))
                .collect(),
            lists: lists.collect(),
            lookups: lookups.collect(),
            computed: Cell::new(0),
            asked: Vec::new(),
        }
    }

    /// Adds the policies that it asks, in the order in which it declares them.
    #[must_use]
    pub fn asking(mut self, asked: Vec<Reference<'p>>) -> Self {
        self.asked = asked;
        self
    }

    /// Decides a case.
    #[must_use]
    pub fn decide(&self, case: &Case) -> Verdict {
        match bind(self.policy, case) {
            Ok(bound) => Run::new(self, bound, &case.models).decide(),
            Err(_) => Verdict::refused(),
        }
    }

    /// Runs one of the policy's tests; tells what is not as it expects.
    #[must_use]
    pub fn unmet(&self, test: &Test) -> Vec<String> {
        let case = Case::of_test(self.policy, test);
        match bind(self.policy, &case) {
            Ok(bound) => Run::new(self, bound, &case.models).unmet(&test.expects),
            Err(_) => vec!["the case is refused".to_owned()],
        }
    }

    /// What a list from a file holds.
    pub(crate) fn list(&self, id: NamedListId) -> Option<&Rows> {
        self.lists.get(&id)
    }

    pub(crate) fn lookup(&self, id: LookupId) -> Option<&Rows> {
        self.lookups.get(&id)
    }

    pub(crate) fn pattern(&self, id: PatternId) -> Option<&Pattern> {
        self.patterns.get(id.position())?.as_ref()
    }
}

impl Verdict {
    pub(crate) fn refused() -> Verdict {
        Verdict {
            ending: Ending::Refused,
            spoken: Vec::new(),
            always: Vec::new(),
            shadows: Vec::new(),
            policies: Vec::new(),
            rules: Vec::new(),
            rows: Vec::new(),
            models: Vec::new(),
            outside: Vec::new(),
            groups: Vec::new(),
            definitions: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Tells whether the reference met something that it cannot interpret.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.faults
            .iter()
            .any(|fault| matches!(fault, Fault::Broken(_)))
    }
}
