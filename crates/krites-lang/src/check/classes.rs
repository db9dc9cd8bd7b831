//! The classes that a model scores, held against the labels of a distribution.

use std::collections::HashMap;
use std::sync::Arc;

use super::distribution::zero_to_one;
use super::model::{ModelInterface, ModelOutput};
use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast;
use crate::ids::EnumId;
use crate::ir::{self, Element};
use crate::types::{DeclaredTy, Ty};

/// How many classes or labels a message lists at most
const MAX_LISTED: usize = 5;

impl<'a> Checker<'a> {
    /// Holds a distribution against the model's classes; returns the answers of its
    /// labels.
    pub(super) fn distribution(
        &mut self,
        decl: &'a ast::ModelDecl,
        give: &'a ast::Give,
        position: usize,
        interface: &ModelInterface,
    ) -> Option<Vec<ir::Give>> {
        let head = self.distributions.get(position)?;
        let (name, ty) = (head.name.clone(), head.ty);
        let output = self.output_read(decl, give, interface)?;
        let found = interface.outputs.get(output)?;
        if !matches!(found.element, Element::Float | Element::Double) {
            self.report(
                Diagnostic::error(
                    codes::GIVE_TYPE,
                    format!("the model's output `{}` holds no probabilities", found.name),
                    give.output.span,
                )
                .help("read the output that scores each class"),
            );
            return None;
        }
        let classes = self.classes(give, found)?;
        let columns = self.columns_of_labels(give, ty, &classes)?;
        let labels = self.enums[ty].labels.iter().zip(columns);
        let gives = labels.map(|(label, column)| ir::Give {
            name: Arc::from(format!("{name}.probability({})", label.name)),
            ty: DeclaredTy::bare(Ty::Decimal),
            output,
            column,
            range: Some(zero_to_one()),
            rounded: give.rounded.map(|(places, _)| places),
            span: give.name.span,
        });
        Some(gives.collect())
    }

    /// The classes that the columns of an output score, by the model itself or by the
    /// file that names them.
    fn classes(&mut self, give: &ast::Give, output: &ModelOutput) -> Option<Vec<String>> {
        let ast::Given::Distribution { named_by, .. } = &give.given else {
            return None;
        };
        let Some(file) = named_by else {
            if output.classes.len() != output.width {
                self.report(
                    Diagnostic::error(
                        codes::CLASSES_UNKNOWN,
                        format!(
                            "the model does not say which classes `{}` scores",
                            output.name
                        ),
                        give.output.span,
                    )
                    .help(format!(
                        "name its columns in order by a file: `= {} named by \"labels.json\"`",
                        output.name
                    )),
                );
                return None;
            }
            return Some(output.classes.clone());
        };
        if !output.classes.iter().all(|class| is_number(class)) {
            self.report(
                Diagnostic::error(
                    codes::CLASSES_NAMED_TWICE,
                    format!("the model itself names the classes of `{}`", output.name),
                    file.span,
                )
                .help("leave `named by` out"),
            );
            return None;
        }
        let read = self.file.class_names.iter();
        let mut read = read.filter(|read| read.path == file.text);
        let names = read.next()?.names.as_ref()?;
        if names.len() != output.width {
            let (named, columns) = (names.len(), output.width);
            self.report(
                Diagnostic::error(
                    codes::CLASS_NAMES,
                    format!(
                        "the file names {named} classes, `{}` has {columns} columns",
                        output.name
                    ),
                    file.span,
                )
                .help("name each column of the model's output, in its order"),
            );
            return None;
        }
        Some(names.clone())
    }

    /// The column of each label; reports classes and labels that have no counterpart.
    fn columns_of_labels(
        &mut self,
        give: &ast::Give,
        ty: EnumId,
        classes: &[String],
    ) -> Option<Vec<usize>> {
        let mut columns: HashMap<&str, usize> = HashMap::with_capacity(classes.len());
        for (column, class) in classes.iter().enumerate() {
            if columns.insert(class, column).is_some() {
                self.report(
                    Diagnostic::error(
                        codes::CLASS_NAMES,
                        format!("two columns of `{}` are called `{class}`", give.output.text),
                        give.output.span,
                    )
                    .help("give each class a name of its own"),
                );
                return None;
            }
        }
        let labels = &self.enums[ty].labels;
        // A class that is a number is the label with this code.
        let by_code = classes.iter().all(|class| is_number(class))
            && labels.iter().all(|label| label.code.is_some());
        let class_of = |label: &ir::Label| match label.code {
            Some(code) if by_code => code.to_string(),
            _ => label.wire.to_string(),
        };
        let found: Vec<Option<usize>> = labels
            .iter()
            .map(|label| columns.remove(class_of(label).as_str()))
            .collect();
        let without_class = labels.iter().zip(&found);
        let without_class: Vec<&str> = without_class
            .filter(|(_, column)| column.is_none())
            .map(|(label, _)| &*label.name)
            .collect();
        let mut without_label: Vec<&str> = columns.keys().copied().collect();
        without_label.sort_unstable();
        if without_class.is_empty() && without_label.is_empty() {
            return found.into_iter().collect();
        }
        let name = &self.enums[ty].name;
        let help = match (without_label.first(), by_code) {
            (Some(class), true) => {
                format!("give a label of `{name}` the code of the class: `code {class}`")
            }
            (Some(class), false) => {
                let label = without_class.first().map_or("a_label", |label| *label);
                format!("let a label stand for the class: `{label} = \"{class}\"`")
            }
            (None, _) => format!("leave them out of `{name}`"),
        };
        let mut diagnostic = Diagnostic::error(
            codes::CLASSES_DIFFER,
            format!("`{name}` has not the labels that the model scores"),
            give.output.span,
        );
        if !without_label.is_empty() {
            diagnostic =
                diagnostic.label(format!("no label stands for {}", listed(&without_label)));
        }
        if let (false, Some(declared)) = (without_class.is_empty(), self.enum_span(ty)) {
            let labels = listed(&without_class);
            diagnostic =
                diagnostic.evidence(declared, format!("the model has no class for {labels}"));
        }
        self.report(diagnostic.help(help));
        None
    }
}

fn is_number(class: &str) -> bool {
    class.parse::<i64>().is_ok()
}

/// Lists names, the first ones where there are many.
fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MAX_LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = match names.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}
