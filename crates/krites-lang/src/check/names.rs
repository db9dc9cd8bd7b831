//! What names stand for, and what was meant by one that stands for nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use super::foreign::written_here;
use super::modules::Brought;
use super::reason::DeclaredReason;
use super::scope::Seen;
use super::{Checker, Env, codes};
use crate::ast;
use crate::diagnostic::{Near, near};
use crate::ids::{EnumId, GroupId, ListId, LookupId, NamedListId, RuleSetId, TableId};
use crate::ir::{self, Value};
use crate::{Diagnostic, Help, SourceId, Span};

/// Behind how many diagnostics nothing is suggested: a suggestion looks at every
/// name of the file
const MAX_SUGGESTED: usize = 200;

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

impl<'a> Checker<'a> {
    /// Returns the candidate that was meant by a name, while the diagnostics are
    /// few enough to be read one by one.
    pub(super) fn close<'n>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<Near<'n>> {
        if self.diagnostics.len() > MAX_SUGGESTED {
            return None;
        }
        near(name, candidates)
    }

    /// Declares a name and reports one that is taken; tells whether it was not.
    pub(super) fn declare(&mut self, name: &'a str, meaning: Meaning, span: Span) -> bool {
        let before = self.names.insert(name, meaning, span);
        if let Some(before) = before {
            if name == "decision_date" {
                self.report_decision_date(span);
            } else {
                self.report_twice(name, span, before);
            }
        }
        before.is_none()
    }

    /// `decision_date` is declared by no line that could be shown.
    fn report_decision_date(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                "`decision_date` is always there: it is the day of the decision",
                span,
            )
            .help("remove it, or give another day another name"),
        );
    }

    /// Declares a value of a table or model, as `terms.cap`. One that is taken is
    /// reported where the table or model is the `sole` one of its name: else that
    /// was the mistake.
    pub(super) fn declare_below(
        &mut self,
        owner: &ast::Name,
        name: &ast::Name,
        meaning: Meaning,
        sole: bool,
    ) {
        let whole = format!("{}.{}", owner.text, name.text);
        let before = self.names.insert_owned(whole.clone(), meaning, name.span);
        if let (Some(before), true) = (before, sole) {
            self.report_twice(&whole, name.span, before);
        }
    }

    /// Reports a name that is declared at two places, the later one in the text.
    pub(super) fn report_twice(&mut self, name: &str, one: Span, other: Span) {
        if one.source != other.source && self.names.brought.contains_key(name) {
            return self.report_also_brought(name, one);
        }
        // Of another file's and this one's, this one's is to be looked at.
        let before = match one.source == other.source {
            true => one.start < other.start,
            false => one.source != self.names.source,
        };
        if before {
            self.report_taken(name, other, one);
        } else {
            self.report_taken(name, one, other);
        }
    }

    /// Reports a name that was declared `before`.
    pub(super) fn report_taken(&mut self, name: &str, span: Span, before: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                format!("`{name}` is declared twice"),
                span,
            )
            .label("declared again here")
            .evidence(before, "first declared here")
            .help("remove one of them, or give it another name"),
        );
    }

    /// Finds what a path in an expression stands for; reports it where nothing.
    pub(super) fn resolve(&mut self, path: &ast::Path, env: &Env) -> Option<(Meaning, Span)> {
        let found = match self.seen(&path.text) {
            Seen::Here(Meaning::Broken, _) => return None,
            Seen::Here(meaning, span) => return Some((meaning, span)),
            Seen::Nothing if self.names.get(&path.text).is_some() => {
                self.not_seen(path);
                return None;
            }
            Seen::Nothing => None,
            Seen::Outside => self
                .names
                .get(&path.text)
                .or_else(|| self.broken_prefix(&path.text, path.span)),
        };
        match found {
            Some((Meaning::Value(Value::Outcome | Value::Decided(_)), span))
                if !env.after_decide =>
            {
                self.report(
                    Diagnostic::error(
                        codes::OUTCOME_TOO_EARLY,
                        format!("`{}` is not decided yet where this is computed", path.text),
                        path.span,
                    )
                    .evidence(span, "it is decided here")
                    .help("read it in `output` only; inside `decide`, write `stop once …`"),
                );
                None
            }
            Some((Meaning::Broken, _)) => None,
            Some((meaning, span)) if self.is_hidden(meaning, env) => {
                self.read_in_shadow(&path.text, path.span, span);
                None
            }
            Some(found) => Some(found),
            None => {
                if !self.unknown_of_elements(path) && !self.reports_column_without_key(path) {
                    self.unknown(path);
                }
                None
            }
        }
    }

    /// Reports a name that a function does not see.
    pub(super) fn not_seen(&mut self, path: &ast::Path) {
        self.report(
            Diagnostic::error(
                codes::FUNCTION_SEES_PARAMETERS,
                format!("a function does not see `{}`", path.text),
                path.span,
            )
            .help("a function computes with its parameters alone: add one, and hand it in as an argument"),
        );
    }

    /// Tells whether a name stands for, or below, what could not be read.
    pub(super) fn is_broken(&self, path: &ast::Path) -> bool {
        matches!(self.names.get(&path.text), Some((Meaning::Broken, _)))
            || self.broken_prefix(&path.text, path.span).is_some()
    }

    /// Tells whether a name stands below what could not be read.
    pub(super) fn is_below_broken(&self, name: &str, span: Span) -> bool {
        self.broken_prefix(name, span).is_some()
    }

    /// A name below something that could not be read is not reported again.
    fn broken_prefix(&self, path: &str, span: Span) -> Option<(Meaning, Span)> {
        let mut prefix = path;
        while let Some((shorter, _)) = prefix.rsplit_once('.') {
            if let Some((Meaning::Broken, _)) = self.names.get(shorter) {
                return Some((Meaning::Broken, span));
            }
            prefix = shorter;
        }
        None
    }

    fn unknown(&mut self, path: &ast::Path) {
        // An item that could not be read may have declared it, an enum as a label.
        if self.names.unread || (!path.text.contains('.') && self.names.unread_enums) {
            return;
        }
        let function = self.function_names();
        let here: Vec<&str> = match function {
            Some(names) => names.keys().map(String::as_str).collect(),
            None => self.element_names().chain(self.names.values()).collect(),
        };
        let close = self.close(&path.text, here);
        let close = close.map(|near| (near.name.to_owned(), near.meant()));
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_NAME,
            format!("`{}` is not declared", path.text),
            path.span,
        );
        let alone = self.label_alone(&path.text);
        if let Some(label) = self.label_of_enum(&path.text) {
            diagnostic = diagnostic.help(Help::certain(
                format!("write the label alone: `{label}`"),
                label,
            ));
        } else if let Some(written) = written_here(&path.text) {
            diagnostic = diagnostic.help(Help::write(written));
        } else if let Some(compare) = alone {
            diagnostic = diagnostic.help(compare);
        } else if let Some((close, meant)) = close {
            let declared = match function {
                Some(names) => names.get(&close).map(|(_, span)| *span),
                None => self.names.get(&close).map(|(_, span)| span),
            };
            diagnostic = match declared {
                Some(span) => diagnostic.evidence(span, format!("`{close}` is declared here")),
                None => diagnostic,
            };
            diagnostic = diagnostic.help(meant);
        } else if self.output_names.contains(path.text.as_str()) {
            diagnostic = Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{}` is an output, which nothing else reads", path.text),
                path.span,
            )
            .help("compute it in `define`, and name it here and in `output`");
        } else if path.text == "each" {
            diagnostic = diagnostic.help(
                "`each` is the element behind `where`; several conditions stand in brackets there: `where (each > 0 and each < 9)`",
            );
        } else if function.is_some() {
            diagnostic = diagnostic.help(format!(
                "make it a parameter, as in `{} : integer`, or compute it before the result",
                path.text
            ));
        } else {
            diagnostic = diagnostic.help(format!(
                "declare it in `input`, as in `{} : integer`, or in `define`",
                path.text
            ));
        }
        self.report(diagnostic);
    }

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
