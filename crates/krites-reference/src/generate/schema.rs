//! Names of a generated policy, and what is known of each.

use super::kind::Kind;

/// A value by its name
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) optional: bool,
    /// Whether its declared range leaves zero out
    pub(super) nonzero: bool,
}

/// A list or series by its name
#[derive(Clone, Debug)]
pub(super) struct Elements {
    pub(super) name: String,
    /// Fields of its records by their names within; of plain values one, `each`
    pub(super) fields: Vec<Named>,
    /// Lists within its records
    pub(super) inner: Vec<Elements>,
    /// First and last index of a series
    pub(super) series: Option<(usize, usize)>,
    /// Whether there is always one
    pub(super) has_one: bool,
    /// What else goes by a name where one of them is at hand
    pub(super) beside: Vec<Named>,
}

/// A function by its name
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<Kind>,
    pub(super) result: Kind,
}

/// What an expression can name where it stands
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) values: Vec<Named>,
    pub(super) elements: Vec<Elements>,
    pub(super) functions: Vec<Function>,
    /// Distributions over `Work`
    pub(super) distributions: Vec<String>,
    /// Names of lists of texts
    pub(super) texts: Vec<String>,
    /// Names of lists of whole numbers
    pub(super) wholes: Vec<String>,
    /// Whether there are lookups
    pub(super) lookups: bool,
    /// Lists that rows of tables give, each with the type of its elements
    pub(super) rows: Vec<(String, String)>,
    /// Whether the table's verdict is always there
    pub(super) sure: bool,
}

impl Scope {
    /// The names of a kind.
    pub(super) fn of(&self, kind: Kind) -> Vec<&Named> {
        self.values
            .iter()
            .filter(|value| value.kind == kind)
            .collect()
    }
}
