//! Any bytes are read as a model or refused; a model that is native runs, and a row has
//! the same bits alone and among others. The first byte says whether the rest is a file,
//! or damages one of the small models of the tests in such a way that it can be read.

#![no_main]

#[path = "../../crates/krites-model/tests/families/mod.rs"]
mod families;

use std::sync::LazyLock;

use families::{rows, wire};
use krites_model::{NativeModel, OnnxModel, OutputTensor, Scratch};
use libfuzzer_sys::fuzz_target;

/// Columns beyond which a model is not run: rows of that many are made for nothing
const MOST_COLUMNS: usize = 10_000;

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else {
        return;
    };
    if first % 2 == 0 {
        return import(rest);
    }
    let mut rest = rest.iter();
    let mut choose = |bound: usize| {
        let byte = |next: Option<&u8>| usize::from(next.copied().unwrap_or(0));
        let high = if bound > 256 { byte(rest.next()) } else { 0 };
        (high << 8 | byte(rest.next())) % bound
    };
    let (_, model) = &SMALL[choose(SMALL.len())];
    import(&wire::damaged(model, &mut choose));
});

fn import(bytes: &[u8]) {
    let Ok(onnx) = OnnxModel::parse(bytes) else {
        return;
    };
    let wide = |width: usize| width > MOST_COLUMNS;
    let Ok(model) = NativeModel::from_onnx(&onnx) else {
        return;
    };
    let signature = krites_model::Model::signature(&model);
    if signature.inputs.iter().any(|spec| wide(spec.width))
        || signature.outputs.iter().any(|spec| wide(spec.width))
    {
        return;
    }
    let columns = rows::rows(signature, 3, 1);
    let scratch = &mut Scratch::default();
    let Ok(all) = rows::run(&model, &columns, 0, 3, scratch) else {
        return;
    };
    for row in 0..3 {
        let one = rows::run(&model, &columns, row, row + 1, scratch).expect("a row that ran");
        for (one, all) in one.iter().zip(&all) {
            assert_eq!(
                bits(one, 0),
                bits(all, row),
                "row {row} alone and among others"
            );
        }
    }
}

/// A row, floats by their bits.
fn bits(output: &OutputTensor, row: usize) -> Vec<String> {
    match output {
        OutputTensor::Float(all) => all
            .row(row)
            .iter()
            .map(|x| x.to_bits().to_string())
            .collect(),
        OutputTensor::Double(all) => all
            .row(row)
            .iter()
            .map(|x| x.to_bits().to_string())
            .collect(),
        OutputTensor::Integer(all) => all.row(row).iter().map(i64::to_string).collect(),
        OutputTensor::Boolean(all) => all.row(row).iter().map(bool::to_string).collect(),
        OutputTensor::Text(all) => all.row(row).to_vec(),
    }
}

static SMALL: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(families::all);
