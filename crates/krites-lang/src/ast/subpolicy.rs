//! `subpolicy name from "policy" { … }`: another policy that is asked.

use super::{Feed, Name, OnFault, Path, Text, TypeExpr};
use crate::Span;

/// `subpolicy affordability from "affordability" { … }`
#[derive(Clone, Debug)]
pub struct SubpolicyDecl {
    /// Name in this policy
    pub name: Name,
    /// Name of the policy that is asked
    pub policy: Text,
    /// Where the first `feed { … }` stands
    pub feed: Option<Span>,
    /// What stands in it, and in further ones
    pub feeds: Vec<Feed>,
    /// `give …`
    pub gives: Vec<PolicyGive>,
    /// `on fault …`
    pub on_fault: Option<OnFault>,
    /// The whole item
    pub span: Span,
}

/// `give limit : money(GBP)? = limit`
#[derive(Clone, Debug)]
pub struct PolicyGive {
    /// Name in this policy
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
    /// The outcome, what is decided with it, or an output of the policy that is asked
    pub from: Path,
    /// The whole entry
    pub span: Span,
}
