//! Findings that are accepted.

use super::{Name, Path, Text};
use crate::Span;

/// `accept K0903 in terms "Row 4 waits for the branches"`
#[derive(Clone, Debug)]
pub struct AcceptDecl {
    /// The code of what is accepted
    pub code: Name,
    /// What it is about; everything where it is not said
    pub within: Option<Path>,
    /// Why it is accepted
    pub reason: Text,
    /// The whole item
    pub span: Span,
}
