//! `krites model inspect`

use std::path::Path;

use krites::model::{ClassLabels, Contents};
use krites::{LoadError, ModelReport, ReportedBackend};

use super::{card, json, paste};
use crate::command::{count, painted};
use crate::{Outcome, paint};

/// So many classes of an output are listed
const SHOWN: usize = 12;

/// Shows a model.
pub(super) fn run(file: &Path) -> Outcome {
    let Some(report) = painted(ModelReport::from_path(file)) else {
        return Outcome::Failed;
    };
    say!("{}", head(file, &report));
    match &report.backend {
        ReportedBackend::Native => say!("backend: native"),
        ReportedBackend::OnnxRuntime { why, loaded } => {
            let name = loaded.as_deref().unwrap_or("onnxruntime");
            say!("backend: {name}, since {why}");
        }
    }
    say!("hash: {}", report.hash);
    say!();
    for line in aligned(&ports(&report)) {
        say!("{line}");
    }
    say!();
    for line in operators(&report.contents) {
        say!("{line}");
    }
    if let Some(Ok(card)) = &report.card {
        say!();
        for line in card::lines(card) {
            say!("{line}");
        }
    }
    say!();
    match paste::block(file, &report) {
        Some(block) => {
            say!("To paste; what stands right of `=` are names of the policy:");
            say!("\n{}", block.trim_end());
        }
        None => say!("Its names cannot stand in a policy: export it with others."),
    }
    for error in failures(&report) {
        paint::load_error(error);
    }
    Outcome::of(failures(&report).next().is_none())
}

/// Shows a model to programs.
pub(super) fn write(file: &Path) -> Outcome {
    let (document, fine) = match ModelReport::from_path(file) {
        Ok(report) => {
            let fine = failures(&report).next().is_none();
            (json::document(file, &report), fine)
        }
        Err(error) => (json::failed(file, &error.to_string()), false),
    };
    say!("{document:#}");
    Outcome::of(fine)
}

/// Why the model cannot be used as it stands.
fn failures(report: &ModelReport) -> impl Iterator<Item = &LoadError> {
    let of_backend = match &report.backend {
        ReportedBackend::Native => None,
        ReportedBackend::OnnxRuntime { loaded, .. } => loaded.as_ref().err(),
    };
    let of_card = report.card.as_ref().and_then(|card| card.as_ref().err());
    of_backend.into_iter().chain(of_card)
}

/// The file, its size and its maker, on a line.
fn head(file: &Path, report: &ModelReport) -> String {
    let contents = &report.contents;
    let mut line = format!(
        "{}: {} bytes",
        file.display(),
        thousands(report.bytes as u64)
    );
    if !contents.producer.is_empty() {
        line += &format!(", written by {}", shown(&contents.producer));
    }
    let sets = contents.operator_sets.iter();
    let sets: Vec<String> = sets
        .map(|(domain, version)| format!("{} {version}", shown(domain)))
        .collect();
    if !sets.is_empty() {
        line += &format!(", operators of {}", sets.join(", "));
    }
    line
}

/// Kind, name, type and width of each input and output.
fn ports(report: &ModelReport) -> Vec<[String; 4]> {
    let signature = &report.signature;
    let inputs = signature.inputs.iter().map(|input| {
        let element = input.element.to_string();
        let width = count(input.width, "column");
        ["input".to_owned(), shown(&input.name), element, width]
    });
    let outputs = signature.outputs.iter().map(|output| {
        let mut width = count(output.width, "column");
        if let Some(classes) = &output.classes {
            width += &format!(", of the classes {}", some(&labels(classes)));
        }
        let element = output.element.to_string();
        ["output".to_owned(), shown(&output.name), element, width]
    });
    inputs.chain(outputs).collect()
}

/// The labels of classes as text.
pub(super) fn labels(classes: &ClassLabels) -> Vec<String> {
    match classes {
        ClassLabels::Integers(labels) => labels.iter().map(ToString::to_string).collect(),
        ClassLabels::Texts(labels) => labels.clone(),
    }
}

fn some(labels: &[String]) -> String {
    let first: Vec<String> = labels
        .iter()
        .take(SHOWN)
        .map(|label| shown(label))
        .collect();
    match labels.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Nodes by operator, and what of the file takes room.
fn operators(contents: &Contents) -> Vec<String> {
    let operators = contents.operators.iter();
    let mut lines: Vec<String> = operators
        .map(|(operator, nodes)| {
            let outside = match ModelReport::is_outside(operator) {
                true => ", which is not native",
                false => "",
            };
            format!(
                "{} × {}{outside}",
                thousands(*nodes as u64),
                shown(operator)
            )
        })
        .collect();
    if contents.trees > 0 {
        let nodes = thousands(contents.tree_nodes as u64);
        lines.push(format!(
            "{} with {nodes} nodes",
            count(contents.trees, "tree")
        ));
    }
    if contents.constant_elements > 0 {
        let elements = contents.constant_elements;
        let thing = if elements == 1 { "element" } else { "elements" };
        lines.push(format!("{} {thing} of constants", thousands(elements)));
    }
    lines
}

/// Lines whose first three columns are as wide as their widest cell.
fn aligned(rows: &[[String; 4]]) -> Vec<String> {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (kind, name, element) = (width(0), width(1), width(2));
    let rows = rows.iter();
    rows.map(|[a, b, c, rest]| format!("{a:kind$}  {b:name$}  {c:element$}  {rest}"))
        .collect()
}

/// A name out of a file, without what would steer a terminal.
pub(super) fn shown(name: &str) -> String {
    name.chars()
        .map(|sign| if sign.is_control() { '\u{fffd}' } else { sign })
        .collect()
}

/// `1,234,567`
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}
