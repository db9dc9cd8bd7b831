//! The names of a file, and what they stand for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use super::Checker;
use super::modules::Brought;
use super::reason::DeclaredReason;
use crate::ast;
use crate::ids::{EnumId, GroupId, ListId, LookupId, NamedListId, RuleSetId, TableId};
use crate::ir::{self, Value};
use crate::{SourceId, Span};

/// What a name stands for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something with a value
    Value(Value),
    /// An enum
    Enum(EnumId),
    /// A record, by position
    Record(usize),
    /// An input that stands for the fields of a record
    Fields,
    /// A group of inputs on request
    Group(GroupId),
    /// A rule set
    Rules(RuleSetId),
    /// A table, by position
    Table(usize),
    /// An output of a table that is a list, an element for each row that counts
    Rows(TableId, u32),
    /// A model, by position
    Model(usize),
    /// Another policy that is asked, by position
    Subpolicy(usize),
    /// A distribution, by position
    Distribution(usize),
    /// The probability of a distribution's labels, by position
    Probability(usize),
    /// An answer of a model for each row of a rank, by the positions of both
    OfEachRow(usize, u32),
    /// A scorecard, by position
    Scorecard(usize),
    /// A case decided again in shadow, by position
    Shadow(usize),
    /// Columns of a matrix, by position among the items
    Columns(usize),
    /// A function, by position
    Function(usize),
    /// A list
    List(ListId),
    /// A series of inputs, by position
    Series(usize),
    /// A named list
    NamedList(NamedListId),
    /// A lookup
    Lookup(LookupId),
    /// Something whose declaration could not be read: no follow-on errors
    Broken,
}

/// All names of a file, its own and those that it brings in
pub(super) struct Names<'a> {
    pub(super) source: SourceId,
    pub(super) items: &'a [ast::Item],
    all: BTreeMap<&'a str, (Meaning, Span)>,
    owned: BTreeMap<String, (Meaning, Span)>,
    /// Reasons by their codes, which are apart from all other names
    pub(super) reasons: HashMap<&'a str, DeclaredReason<'a>>,
    /// Labels, with the first enum that has each
    pub(super) label_owners: HashMap<&'a str, EnumId>,
    /// What `use` brings in, by name
    pub(super) brought: BTreeMap<&'a str, Brought<'a>>,
    /// Whether an item could not be read, so that what it declares is not known
    pub(super) unread: bool,
    /// What items that could not be read would have declared
    pub(super) lost: HashSet<&'a str>,
    /// Whether a reason could not be read
    pub(super) unread_reasons: bool,
    /// Whether an enum is not known, so that a bare word may be its label
    pub(super) unread_enums: bool,
}

impl<'a> Names<'a> {
    pub(super) fn new(source: SourceId, items: &'a [ast::Item]) -> Self {
        Self {
            source,
            items,
            all: BTreeMap::new(),
            owned: BTreeMap::new(),
            reasons: HashMap::new(),
            label_owners: HashMap::new(),
            brought: BTreeMap::new(),
            unread: false,
            lost: HashSet::new(),
            unread_reasons: false,
            unread_enums: false,
        }
    }

    /// Finds what a name stands for, and counts it as used.
    pub(super) fn get(&self, name: &str) -> Option<(Meaning, Span)> {
        let found = self.find(name)?;
        self.count_use(name, found.1);
        Some(found)
    }

    fn find(&self, name: &str) -> Option<(Meaning, Span)> {
        self.all.get(name).or_else(|| self.owned.get(name)).copied()
    }

    /// Finds what this file itself declares under a name.
    pub(super) fn own(&self, name: &str) -> Option<(Meaning, Span)> {
        self.find(name)
            .filter(|(_, span)| span.source == self.source)
    }

    /// Declares a name; returns where it was declared before.
    pub(super) fn insert(&mut self, name: &'a str, meaning: Meaning, span: Span) -> Option<Span> {
        // What is broken may not have been meant to declare it
        let broken = |found: Meaning| matches!(found, Meaning::Broken) && self.lost.contains(name);
        if let Some((_, before)) = self.find(name).filter(|(found, _)| !broken(*found)) {
            return Some(before);
        }
        self.all.insert(name, (meaning, span));
        None
    }

    /// Declares a name made of others, such as `terms.cap`.
    pub(super) fn insert_owned(
        &mut self,
        name: String,
        meaning: Meaning,
        span: Span,
    ) -> Option<Span> {
        if let Some((_, before)) = self.find(&name) {
            return Some(before);
        }
        self.owned.insert(name, (meaning, span));
        None
    }

    /// Forgets what a name stands for, so that its uses are no errors.
    pub(super) fn lose(&mut self, name: &str) {
        let found = match self.all.get_mut(name) {
            None => self.owned.get_mut(name),
            found => found,
        };
        if let Some((meaning, _)) = found {
            *meaning = Meaning::Broken;
        }
    }

    /// Names of values, series and lists, for "did you mean".
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.having(|meaning| {
            matches!(
                meaning,
                Meaning::Value(_) | Meaning::Series(_) | Meaning::List(_) | Meaning::Rows(..)
            )
        })
    }

    /// Names for which `wanted` holds.
    pub(super) fn having(&self, wanted: impl Fn(&Meaning) -> bool) -> impl Iterator<Item = &str> {
        self.below("")
            .filter(move |(_, meaning, _)| wanted(meaning))
            .map(|(name, ..)| name)
    }

    /// Names that begin with `prefix`, in order.
    pub(super) fn below(&self, prefix: &str) -> impl Iterator<Item = (&str, Meaning, Span)> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let borrowed = self.all.range::<str, _>(from);
        let owned = self.owned.range::<str, _>(from);
        borrowed
            .map(|(name, found)| (*name, found))
            .take_while(move |(name, _)| name.starts_with(prefix))
            .chain(
                owned
                    .map(|(name, found)| (name.as_str(), found))
                    .take_while(move |(name, _)| name.starts_with(prefix)),
            )
            .map(|(name, (meaning, span))| (name, *meaning, *span))
    }
}

impl Checker<'_> {
    /// The name of a meaning's kind, for "`x` is a rule set, not a value".
    pub(super) fn kind_words(meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Value(ir::Value::Input(_)) => "an input",
            Meaning::Value(ir::Value::DecisionDate) => "the day of the decision",
            Meaning::Value(ir::Value::Definition(_)) => "a definition",
            Meaning::Value(ir::Value::Table(..)) => "an output of a table",
            Meaning::Value(ir::Value::Model(..)) => "an answer of a model",
            Meaning::Value(ir::Value::Outcome) => "the outcome",
            Meaning::Value(ir::Value::Decided(_)) => "decided with the outcome",
            Meaning::Value(ir::Value::Local(_)) => "a value of this place alone",
            Meaning::Enum(_) => "an enum",
            Meaning::Record(_) => "a type of record",
            Meaning::Fields => "a record",
            Meaning::Group(_) => "a group of inputs",
            Meaning::Rules(_) => "a rule set",
            Meaning::Table(_) => "a table",
            Meaning::Model(_) => "a model",
            Meaning::Subpolicy(_) => "another policy",
            Meaning::Distribution(_) => "a distribution",
            Meaning::Probability(_) => "the probability of a label",
            Meaning::OfEachRow(..) => "an answer for each row of a rank",
            Meaning::Scorecard(_) => "a scorecard",
            Meaning::Shadow(_) => "a case decided again in shadow",
            Meaning::Columns(_) => "a list of columns",
            Meaning::Function(_) => "a function",
            Meaning::List(_) => "a list",
            Meaning::Rows(..) => "a list of what rows give",
            Meaning::Series(_) => "a series",
            Meaning::NamedList(_) => "a named list",
            Meaning::Lookup(_) => "a lookup",
            Meaning::Broken => "unreadable",
        }
    }
}
