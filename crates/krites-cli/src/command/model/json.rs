//! What `krites model inspect` shows, as one JSON object; its shape is told in
//! `docs/tool.md`, and numbered.

use std::path::Path;

use krites::lang::{Exact, Held};
use krites::model::{ClassLabels, InputSpec, OutputSpec};
use krites::{ModelCard, ModelReport, ReportedBackend, TrainingData};
use serde_json::{Map, Number, Value, json};

use super::paste;

/// The number of the shape
const FORMAT: u32 = 1;

/// Tells why there is nothing to show.
pub(super) fn failed(file: &Path, failure: &str) -> Value {
    json!({ "format": FORMAT, "file": file.display().to_string(), "failure": failure })
}

/// Tells what a model is.
pub(super) fn document(file: &Path, report: &ModelReport) -> Value {
    let contents = &report.contents;
    let signature = &report.signature;
    let (card, card_failure) = match &report.card {
        None => (Value::Null, None),
        Some(Ok(found)) => (card(found), None),
        Some(Err(error)) => (Value::Null, Some(error.to_string())),
    };
    json!({
        "format": FORMAT,
        "file": file.display().to_string(),
        "failure": null,
        "bytes": report.bytes,
        "hash": report.hash.to_string(),
        "producer": contents.producer,
        "operator_sets": contents.operator_sets,
        "backend": backend(&report.backend),
        "inputs": signature.inputs.iter().map(input).collect::<Vec<Value>>(),
        "outputs": signature.outputs.iter().map(output).collect::<Vec<Value>>(),
        "operators": operators(report),
        "trees": contents.trees,
        "tree_nodes": contents.tree_nodes,
        "constant_elements": contents.constant_elements,
        "card": card,
        "card_failure": card_failure,
        "paste": paste::block(file, report),
    })
}

fn backend(backend: &ReportedBackend) -> Value {
    match backend {
        ReportedBackend::Native => json!({ "name": "native", "why": null, "failure": null }),
        ReportedBackend::OnnxRuntime { why, loaded } => json!({
            "name": loaded.as_deref().unwrap_or("onnxruntime"),
            "why": why.to_string(),
            "failure": loaded.as_ref().err().map(ToString::to_string),
        }),
    }
}

fn input(spec: &InputSpec) -> Value {
    json!({
        "name": spec.name,
        "type": spec.element.to_string(),
        "width": spec.width,
        "columns": spec.columns,
    })
}

fn output(spec: &OutputSpec) -> Value {
    let classes = spec.classes.as_ref().map(|classes| match classes {
        ClassLabels::Integers(labels) => json!(labels),
        ClassLabels::Texts(labels) => json!(labels),
    });
    json!({
        "name": spec.name,
        "type": spec.element.to_string(),
        "width": spec.width,
        "classes": classes,
    })
}

fn operators(report: &ModelReport) -> Vec<Value> {
    let operators = report.contents.operators.iter();
    let told = operators.map(|(operator, nodes)| {
        let native = !ModelReport::is_outside(operator);
        json!({ "operator": operator, "nodes": nodes, "native": native })
    });
    told.collect()
}

/// The card under the names that its file has; what it does not state is left out.
fn card(card: &ModelCard) -> Value {
    let mut fields = Map::new();
    let texts = [
        ("owner", &card.owner),
        ("purpose", &card.purpose),
        ("limits_of_use", &card.limits_of_use),
        ("code_version", &card.code_version),
        ("framework", &card.framework),
    ];
    for (name, text) in texts {
        state(&mut fields, name, text.as_ref());
    }
    if let Some(training) = &card.training {
        fields.insert("training".to_owned(), self::training(training));
    }
    if !card.metrics.is_empty() {
        let metrics = card.metrics.iter();
        let metrics = metrics.map(|(name, value)| (name.clone(), number(*value)));
        fields.insert("metrics".to_owned(), metrics.collect());
    }
    if !card.columns.is_empty() {
        let columns = card.columns.iter();
        let columns = columns.map(|(input, names)| (input.clone(), json!(names)));
        fields.insert("columns".to_owned(), columns.collect());
    }
    let hash = card.model_hash.map(|hash| hash.to_string());
    state(&mut fields, "model_hash", hash.as_ref());
    Value::Object(fields)
}

fn training(training: &TrainingData) -> Value {
    let mut fields = Map::new();
    state(&mut fields, "data_hash", training.data_hash.as_ref());
    let day = |day: krites::Date| day.to_string();
    state(&mut fields, "from", training.from.map(day).as_ref());
    state(&mut fields, "through", training.through.map(day).as_ref());
    if let Some(rows) = training.rows {
        fields.insert("rows".to_owned(), rows.into());
    }
    if !training.ranges.is_empty() {
        let ranges = training.ranges.iter().map(|(column, held)| {
            let held = match held {
                Held::Between(low, high) => json!([number(*low), number(*high)]),
                Held::Texts(texts) => json!(texts),
            };
            (column.clone(), held)
        });
        fields.insert("ranges".to_owned(), ranges.collect());
    }
    Value::Object(fields)
}

fn state(fields: &mut Map<String, Value>, name: &str, text: Option<&String>) {
    if let Some(text) = text {
        fields.insert(name.to_owned(), text.as_str().into());
    }
}

/// The number as the card writes it; a text where JSON cannot have it.
fn number(value: Exact) -> Value {
    let text = value.to_string();
    text.parse::<Number>()
        .map_or(Value::String(text), Value::Number)
}
