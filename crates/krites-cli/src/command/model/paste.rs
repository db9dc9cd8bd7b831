//! The items of a policy that name a model: what it is fed, what is read of it.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use krites::ModelReport;
use krites::lang::{Sources, parse, print, source_from_bytes};
use krites::model::{ClassLabels, ElementType, InputSpec, OutputSpec};

use super::inspect::labels;

/// Makes the items to paste, in the one way of writing; a model whose training ranges are
/// known fails outside of them. `None` where a name of the model cannot stand in a policy.
pub(super) fn block(file: &Path, report: &ModelReport) -> Option<String> {
    let signature = &report.signature;
    let mut names = Names::default();
    let model = names.new_name(&file.file_stem()?.to_string_lossy());
    let mut items = String::new();
    let mut entries = String::from("feed {\n");
    for input in &signature.inputs {
        let fed = feed(input, &mut names, &mut items);
        entries += &format!("{} = `{fed}`\n", text(&input.name));
    }
    entries += "}\n";
    for output in &signature.outputs {
        entries += &give(output, &mut names, &mut items);
    }
    let card = report.card.as_ref().and_then(|card| card.as_ref().ok());
    let training = card.and_then(|card| card.training.as_ref());
    if training.is_some_and(|training| !training.ranges.is_empty()) {
        entries += "outside training range fault\n";
    }
    let path = text(&named(file)?);
    written(format!(
        "{items}model `{model}` from {path} {{\n{entries}}}\n"
    ))
}

/// Names what an input is fed; columns are declared.
fn feed(input: &InputSpec, names: &mut Names, items: &mut String) -> String {
    if input.width == 1 {
        return names.new_name(&input.name);
    }
    let group = names.new_name(&format!("{}_columns", input.name));
    let columns: Vec<String> = (0..input.width)
        .map(|at| match input.columns.get(at) {
            Some(column) => format!("{} = `{}`", text(column), names.new_name(column)),
            None => format!(
                "`{}`",
                names.new_name(&format!("{}_{}", input.name, at + 1))
            ),
        })
        .collect();
    *items += &format!("columns `{group}` {{ {} }}\n", columns.join(", "));
    group
}

/// Reads an output: its column, the column of the last of two classes, or a
/// distribution over more, whose enum is declared.
fn give(output: &OutputSpec, names: &mut Names, items: &mut String) -> String {
    let from = text(&output.name);
    let ty = match output.element {
        ElementType::Float | ElementType::Double => "decimal",
        ElementType::Integer => "integer",
        ElementType::Boolean => "boolean",
        ElementType::Text => "text",
    };
    if output.width == 1 {
        return format!("give `{}` : {ty} = {from}\n", word(&output.name));
    }
    let Some(classes) = &output.classes else {
        let width = output.width;
        return format!(
            "# {from} has {width} columns, and the model does not name their classes\n"
        );
    };
    let labels = labels(classes);
    if let [_, label] = labels.as_slice() {
        let class = match classes {
            ClassLabels::Integers(_) => label.clone(),
            ClassLabels::Texts(_) => text(label),
        };
        let name = word(&format!("{}_{label}", output.name));
        return format!("give `{name}` : {ty} = {from} of class {class}\n");
    }
    let all = names.new_name(&format!("{}_class", output.name));
    let mut own = Names::default();
    let declared: Vec<String> = labels
        .iter()
        .map(|label| match classes {
            ClassLabels::Integers(_) => {
                format!("`{}` code {label}", own.new_name(&format!("class_{label}")))
            }
            ClassLabels::Texts(_) => match own.new_name(label) {
                name if name == *label => format!("`{name}`"),
                name => format!("`{name}` = {}", text(label)),
            },
        })
        .collect();
    *items += &format!("enum `{all}` {{ {} }}\n", declared.join(", "));
    format!(
        "give `{}` : distribution of `{all}` = {from}\n",
        word(&output.name)
    )
}

/// The path under which a policy beside the file, or above it, names it.
fn named(file: &Path) -> Option<String> {
    let below = file
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let path = if below {
        file
    } else {
        Path::new(file.file_name()?)
    };
    Some(path.to_str()?.replace('\\', "/"))
}

/// Writes items in the one way of writing.
fn written(items: String) -> Option<String> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let source = source_from_bytes(&mut sources, "the block", items.into_bytes()).ok()?;
    let parsed = parse(&sources, source, &mut problems);
    if !problems.is_empty() {
        return None;
    }
    print(&parsed).ok()
}

/// Names that are given out once each
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// Makes a name out of any text.
    fn new_name(&mut self, text: &str) -> String {
        let name = word(text);
        let numbered = (2_usize..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let free = names.find(|name| !self.0.contains(name)).unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

/// Makes a word of any text: small letters and digits, `_` for all else.
fn word(text: &str) -> String {
    let mut word = String::new();
    for sign in text.chars() {
        if sign.is_ascii_alphanumeric() {
            word.push(sign.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_end_matches('_');
    if word.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
        word.to_owned()
    } else {
        format!("x_{word}").trim_end_matches('_').to_owned()
    }
}

/// Writes a text between quotes.
fn text(text: &str) -> String {
    let mut quoted = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            sign if sign.is_control() => quoted += &format!("\\u{{{:X}}}", u32::from(sign)),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}
