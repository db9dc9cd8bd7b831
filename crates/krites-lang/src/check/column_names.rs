//! Columns are fed under the names, and in the order, that the model has for them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::model::ModelInput;
use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast;

impl Checker<'_> {
    /// Compares the names of columns with those of the model, where it has some.
    pub(super) fn named_as_the_model_does(
        &mut self,
        list: &ast::ColumnsDecl,
        fed: &[Cow<'_, ast::Feed>],
        input: &ModelInput,
    ) -> bool {
        let names = &input.columns;
        let mut differ = fed.iter().zip(names).enumerate();
        let first = differ.find(|(_, (column, name))| column.target.text != **name);
        let Some((at, (column, name))) = first.filter(|_| names.len() == fed.len()) else {
            return true;
        };
        let known: HashSet<&str> = names.iter().map(String::as_str).collect();
        let mut strangers: Vec<_> = fed
            .iter()
            .filter(|column| !known.contains(column.target.text.as_str()))
            .collect();
        // All elements of a series stand in one place.
        strangers.dedup_by_key(|column| column.target.span);
        let declared = format!("the columns of `{}` are declared here", list.name.text);
        if strangers.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::COLUMN_NAMES,
                    format!(
                        "column {} of `{}` is `{name}` to the model, `{}` is fed",
                        at + 1,
                        input.name,
                        column.target.text
                    ),
                    column.target.span,
                )
                .evidence(list.name.span, declared)
                .help(format!("list them in its order: {}", names.join(", "))),
            );
            return false;
        }
        for column in strangers {
            let stranger = &column.target.text;
            let help = match self.close(stranger, names.iter().map(String::as_str)) {
                Some(close) => close.meant(),
                None => format!(
                    "name each column as the model does, `\"{name}\" = …`; its columns are {}",
                    names.join(", ")
                )
                .into(),
            };
            self.report(
                Diagnostic::error(
                    codes::COLUMN_NAMES,
                    format!("`{}` has no column `{stranger}`", input.name),
                    column.target.span,
                )
                .evidence(list.name.span, declared.clone())
                .help(help),
            );
        }
        false
    }
}
