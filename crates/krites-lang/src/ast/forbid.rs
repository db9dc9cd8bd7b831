//! Inputs that no result may rest on.

use super::Path;
use crate::Span;

/// `forbid applicant.sex, applicant.born in every result`
#[derive(Clone, Debug)]
pub struct ForbidDecl {
    /// What is forbidden
    pub inputs: Vec<ForbiddenInput>,
    /// The whole item
    pub span: Span,
}

/// An input, or a name that several inputs begin with
#[derive(Clone, Debug)]
pub struct ForbiddenInput {
    /// Its name
    pub path: Path,
    /// The index, of a series' element
    pub index: Option<u32>,
}
