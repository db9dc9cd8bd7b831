//! What a policy reads of a model, as written.

use super::{Expr, Name, Range, Text, TypeExpr};
use crate::{SourceId, Span};

/// `give probability : decimal in 0 to 1 = probabilities of class 1 rounded to 6 digits`,
/// `give intent : distribution of Intent = probabilities named by "labels.json"`
#[derive(Clone, Debug)]
pub struct Give {
    /// Name in the policy
    pub name: Name,
    /// What is given under it
    pub given: Given,
    /// The model's output
    pub output: Name,
    /// `rounded to n digits`
    pub rounded: Option<(u32, Span)>,
    /// The whole entry
    pub span: Span,
}

/// What stands behind the name of a `give`
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a policy reads few answers, most of them values"
)]
pub enum Given {
    /// One answer
    Value {
        /// Declared type
        ty: TypeExpr,
        /// The promised range
        range: Option<Range>,
        /// `of class 1`: a number or a text
        class: Option<Expr>,
    },
    /// `distribution of Intent`: one answer a label
    Distribution {
        /// The enum
        of: Name,
        /// `named by "labels.json"`
        named_by: Option<Text>,
    },
}

/// `lost_card : 0.9`: the probability of a label, or of the `rest` together
#[derive(Clone, Debug)]
pub struct Share {
    /// The label, or `rest`
    pub label: Name,
    /// Its probability
    pub value: Expr,
}

/// A file that names the classes of a model, in the order of its columns
#[derive(Clone, Debug)]
pub struct ClassNames {
    /// Its path below the release's folder
    pub path: String,
    /// The source it was read from
    pub source: SourceId,
    /// The names; `None` where they could not be read, which was reported
    pub names: Option<Vec<String>>,
}
