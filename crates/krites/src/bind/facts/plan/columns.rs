//! Where the columns of a batch go in one policy: as the fields of a type, but under names
//! that are known at run time alone.

use krites_lang::Program;

use super::super::super::names::{Names, NodeId, shown};
use super::super::super::{BindError, BindProblem, UnknownFields};
use super::{Binding, Plan};
use crate::batch::Column;

impl Binding {
    /// Finds where columns go, each under its name, which may be dotted.
    ///
    /// # Errors
    ///
    /// [`BindError`] where a column is no input and such are refused, where its values are
    /// none of its input, where an input has two of them, and for all required inputs
    /// without one.
    pub(crate) fn of_columns<'c>(
        names: &Names,
        program: &Program,
        unknown: UnknownFields,
        columns: impl Iterator<Item = (&'c str, &'c (dyn Column + 'c))>,
    ) -> Result<Binding, BindError> {
        let mut plan = Plan::new(names, program, unknown);
        for (name, column) in columns {
            plan.column = Some(shown(name));
            plan.at = plan.find(NodeId::ROOT, name);
            column.plan(&mut plan);
        }
        plan.bound(|_, columns| {
            (!columns.is_empty()).then_some(BindProblem::LacksColumns { columns })
        })
    }
}
