//! Which values of a host which inputs may take.

use krites_lang::{Form, Ty};

/// What the values of a host's type are
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fits {
    /// Integers of any width
    Whole,
    /// Floats and exact numbers
    Number,
    Boolean,
    /// Texts, and what is read from its text
    Text,
    /// Variants that stand for labels
    Label,
    Date,
}

impl Fits {
    pub(super) fn words(self) -> &'static str {
        match self {
            Fits::Whole | Fits::Number => "a number",
            Fits::Boolean => "a boolean",
            Fits::Text => "text",
            Fits::Label => "a label",
            Fits::Date => "a date",
        }
    }
}

/// Tells whether an input may take values of this kind, be it some of them only.
pub(super) fn fits(value: Fits, ty: Ty) -> bool {
    match value {
        Fits::Whole | Fits::Number => ty.is_number() || ty == Ty::Float,
        Fits::Boolean => ty == Ty::Boolean,
        Fits::Text | Fits::Label => !matches!(ty, Ty::Integer | Ty::Boolean),
        Fits::Date => matches!(ty, Ty::Date | Ty::Text),
    }
}

/// The form in which values go into their slots at once.
pub(super) fn form_of(value: Fits, ty: Ty) -> Form {
    match value {
        Fits::Whole => Form::Whole,
        Fits::Boolean => Form::Boolean,
        Fits::Text => Form::Text,
        Fits::Label if matches!(ty, Ty::Enum(_)) => Form::Label,
        Fits::Label => Form::Text,
        Fits::Date if ty == Ty::Date => Form::Date,
        Fits::Date | Fits::Number => Form::Other,
    }
}
