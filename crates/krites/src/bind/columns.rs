//! Facts as rows of CSV: the header is resolved once, each row is bound by
//! position.

use std::collections::HashSet;

use krites_lang::ir::Policy;
use krites_lang::{Frame, GroupId, InputId, ListId, Program};

use super::UnknownFields;
use super::error::{BindError, BindProblem, LackingColumn};
use super::json::bind_list_text;
use super::names::{Names, NodeId, shown};

/// The columns of a CSV file, resolved to a policy's inputs
///
/// A column's name is an input's name on the wire. An empty field is missing; an
/// input without a column is missing or takes its default. A list's column holds its
/// elements as JSON text.
#[derive(Clone, Debug)]
pub struct CsvBinding {
    /// [`Names::identity`]
    names: u64,
    columns: Box<[Column]>,
    unknown: Vec<UnknownField>,
    /// What becomes of unknown fields within a list's records
    on_unknown: UnknownFields,
}

/// A column or field that is no input
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownField {
    /// Its name, dotted where it lies in records
    pub name: String,
    /// The input that was probably meant
    pub near: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Input(InputId),
    /// A list's JSON text
    List(NodeId, ListId),
    /// No input's
    Other,
}

impl CsvBinding {
    /// Resolves the columns of a header.
    ///
    /// What names no input is refused, or listed in [`CsvBinding::unknown`].
    ///
    /// # Errors
    ///
    /// [`BindError`] for a name that stands twice, for one that is refused, and for
    /// required inputs without a column, all of them in one error.
    pub(crate) fn new<'h>(
        names: &Names,
        program: &Program,
        header: impl IntoIterator<Item = &'h str>,
        on_unknown: UnknownFields,
    ) -> Result<CsvBinding, BindError> {
        let mut columns = Vec::new();
        let mut unknown = Vec::new();
        let mut given = vec![false; program.policy().inputs.len()];
        let mut lists: Vec<ListId> = Vec::new();
        let mut seen = HashSet::new();
        for name in header {
            if !seen.insert(name) {
                return Err(BindError::new(BindProblem::DuplicateColumn {
                    column: shown(name),
                }));
            }
            if let Some((node, list)) = names.list(name) {
                columns.push(Column::List(node, list));
                lists.push(list);
                continue;
            }
            if let Some(id) = names.input(name) {
                if let Some(given) = given.get_mut(krites_lang::Id::position(id)) {
                    *given = true;
                }
                columns.push(Column::Input(id));
                continue;
            }
            if on_unknown == UnknownFields::Refuse {
                return Err(names.unknown(NodeId::ROOT, name));
            }
            columns.push(Column::Other);
            let near = names.near(NodeId::ROOT, name);
            unknown.push(UnknownField {
                name: shown(name),
                near,
            });
        }
        let policy = program.policy();
        let groups = groups_with_columns(policy, &given, &lists);
        let wanted = |group: &Option<GroupId>| group.is_none_or(|id| groups.contains(&id));
        let inputs = policy.inputs.iter().zip(given);
        let inputs = inputs
            .filter(|(input, given)| {
                !given && input.default.is_none() && !input.ty.optional && wanted(&input.group)
            })
            .map(|(input, _)| &input.wire);
        let lists = policy.lists.iter_ids().filter(|(id, list)| {
            let outermost = list.within.is_none() && wanted(&list.group);
            outermost && !list.default_empty && !lists.contains(id)
        });
        let lacking: Vec<LackingColumn> = inputs
            .chain(lists.map(|(_, list)| &list.wire))
            .map(|wire| {
                let like_it = |column: &&UnknownField| column.near.as_deref() == Some(&**wire);
                LackingColumn {
                    name: wire.to_string(),
                    near: unknown
                        .iter()
                        .find(like_it)
                        .map(|column| column.name.clone()),
                }
            })
            .collect();
        if !lacking.is_empty() {
            return Err(BindError::new(BindProblem::MissingColumns {
                columns: lacking,
            }));
        }
        let columns = columns.into();
        Ok(CsvBinding {
            names: names.identity(),
            columns,
            unknown,
            on_unknown,
        })
    }

    /// Returns the columns that name no input, in the header's order.
    #[must_use]
    pub fn unknown(&self) -> &[UnknownField] {
        &self.unknown
    }

    /// Binds a row to a frame that [`Program::begin`] emptied.
    ///
    /// # Errors
    ///
    /// [`BindError`] for the first field that is refused, for a row of another
    /// width and for columns of another policy.
    pub(crate) fn bind_record(
        &self,
        names: &Names,
        program: &Program,
        frame: &mut Frame,
        row: &csv::StringRecord,
    ) -> Result<(), BindError> {
        if self.names != names.identity() {
            return Err(BindError::new(BindProblem::ForeignColumns));
        }
        if row.len() != self.columns.len() {
            let (expected, got) = (self.columns.len(), row.len());
            return Err(BindError::new(BindProblem::RowWidth { expected, got }));
        }
        for (column, field) in self.columns.iter().zip(row) {
            match column {
                Column::Input(id) => program.set_field(frame, *id, field)?,
                Column::List(_, list) if field.is_empty() => {
                    program.set_list_missing(frame, *list)?;
                }
                Column::List(node, _) => {
                    bind_list_text(names, program, frame, *node, field, self.on_unknown)?;
                }
                Column::Other => {}
            }
        }
        program.finish_inputs(frame)?;
        Ok(())
    }
}

/// The groups on request of which a column gives something.
fn groups_with_columns(policy: &Policy, given: &[bool], lists: &[ListId]) -> HashSet<GroupId> {
    let inputs = policy.inputs.iter().zip(given);
    let inputs = inputs.filter_map(|(input, given)| input.group.filter(|_| *given));
    let lists = lists.iter().filter_map(|list| policy.lists[*list].group);
    inputs.chain(lists).collect()
}
