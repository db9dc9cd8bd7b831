use std::fmt::Write as _;

use ndarray::Array2;

use crate::native::{NativeModel, compile};
use crate::onnx::OnnxModel;
use crate::testing::{Attribute, ModelBuilder, Numbers, say_skipped};
use crate::{Call, ElementType, InputTensor, Model, OutputTensor, Scratch};

/// Builds a model as written, and with its trees joined.
fn both(bytes: &[u8]) -> [NativeModel; 2] {
    let onnx = OnnxModel::parse(bytes).unwrap();
    let as_written = NativeModel::of(&onnx, compile::compile(&onnx).unwrap());
    [as_written, NativeModel::from_onnx(&onnx).unwrap()]
}

fn bits(model: &NativeModel, rows: &Array2<f32>) -> String {
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, rows.nrows()))
        .collect();
    model
        .run(&mut Call {
            inputs: &[InputTensor::Float(rows.view())],
            outputs: &mut outputs,
            within: None,
            scratch: &mut Scratch::default(),
        })
        .unwrap();
    let mut text = String::new();
    for output in outputs {
        match output {
            OutputTensor::Float(array) => write!(text, "{:?}", array.mapv(f32::to_bits)).unwrap(),
            output => write!(text, "{output:?}").unwrap(),
        }
    }
    text
}

fn same_bits(models: &[NativeModel; 2], rows: &Array2<f32>) {
    let [as_written, joined] = models;
    let all = bits(as_written, rows);
    assert_eq!(all, bits(joined, rows));
    for row in rows.rows().into_iter().take(20) {
        let row = row.to_owned().insert_axis(ndarray::Axis(0));
        assert_eq!(bits(as_written, &row), bits(joined, &row));
    }
}

fn number(numbers: &mut Numbers) -> f32 {
    match numbers.below(40) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => f32::NEG_INFINITY,
        3 => -0.0,
        _ => (numbers.below(2001) as f32 - 1000.0) / 250.0,
    }
}

fn rows(numbers: &mut Numbers, n_rows: usize, width: usize) -> Array2<f32> {
    Array2::from_shape_fn((n_rows, width), |_| number(numbers))
}

/// Graphs of trees, what is made of each, and a sum
struct Maker<'n> {
    numbers: &'n mut Numbers,
    model: ModelBuilder,
    made: usize,
}

impl Maker<'_> {
    fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute)],
    ) -> String {
        self.made += 1;
        let output = format!("v{}", self.made);
        self.model = self
            .model
            .clone()
            .node(operator, inputs, &[&output], attributes);
        output
    }

    fn constant(&mut self, value: f32) -> String {
        self.made += 1;
        let name = format!("c{}", self.made);
        self.model = self.model.clone().floats(&name, &[1], &[value]);
        name
    }

    /// A full tree of some depth that gives its leaf's place, or any number.
    fn tree(&mut self, rows: &str, width: usize, places: bool) -> String {
        let depth = self.numbers.below(5) as u32;
        let (n_tests, n_nodes) = (2_i64.pow(depth) - 1, 2_i64.pow(depth + 1) - 1);
        let list = |of: &mut dyn FnMut(i64) -> i64| {
            Attribute::Integers((0..n_nodes).map(&mut *of).collect())
        };
        let modes: Vec<&str> = (0..n_nodes)
            .map(|id| match (id < n_tests, self.numbers.below(6)) {
                (false, _) => "LEAF",
                (true, 0) => "BRANCH_EQ",
                (true, 1) => "BRANCH_GT",
                _ => "BRANCH_LEQ",
            })
            .collect();
        let child = |id: i64, side: i64| if id < n_tests { 2 * id + side } else { 0 };
        let leaves: Vec<i64> = (n_tests..n_nodes).collect();
        let weights = leaves
            .iter()
            .map(|&id| {
                if places {
                    id as f32
                } else {
                    number(self.numbers)
                }
            })
            .collect();
        let mut attributes = vec![
            ("nodes_treeids", list(&mut |_| 0)),
            ("nodes_nodeids", list(&mut |id| id)),
            (
                "nodes_featureids",
                list(&mut |_| self.numbers.below(width) as i64),
            ),
            ("nodes_truenodeids", list(&mut |id| child(id, 1))),
            ("nodes_falsenodeids", list(&mut |id| child(id, 2))),
            (
                "nodes_missing_value_tracks_true",
                list(&mut |_| self.numbers.below(2) as i64),
            ),
            (
                "nodes_values",
                Attribute::Floats((0..n_nodes).map(|_| number(self.numbers)).collect()),
            ),
            ("nodes_modes", Attribute::Texts(modes)),
            ("target_treeids", Attribute::Integers(vec![0; leaves.len()])),
            ("target_ids", Attribute::Integers(vec![0; leaves.len()])),
            ("target_nodeids", Attribute::Integers(leaves)),
            ("target_weights", Attribute::Floats(weights)),
            ("n_targets", Attribute::Integer(1)),
        ];
        if self.numbers.below(3) == 0 {
            let base = number(self.numbers);
            attributes.push(("base_values", Attribute::Floats(vec![base])));
        }
        if self.numbers.below(4) == 0 {
            let names = ["AVERAGE", "MIN", "SUM"];
            let name = names[self.numbers.below(3)];
            attributes.push(("aggregate_function", Attribute::Text(name)));
        }
        self.node("ai.onnx.ml.TreeEnsembleRegressor", &[rows], &attributes)
    }

    /// Something that depends on `value`, a column of floats, alone.
    fn of(&mut self, value: &str) -> String {
        match self.numbers.below(9) {
            0 => {
                let operator = ["Exp", "Log", "Neg", "Abs", "Sqrt", "Tanh"][self.numbers.below(6)];
                self.node(operator, &[value], &[])
            }
            1 => {
                let keys = (0..40).collect();
                let values = (0..40).map(|_| number(self.numbers)).collect();
                let whole = self.node("Cast", &[value], &[("to", Attribute::Integer(7))]);
                let attributes = [
                    ("keys_int64s", Attribute::Integers(keys)),
                    ("values_floats", Attribute::Floats(values)),
                    ("default_float", Attribute::Float(number(self.numbers))),
                ];
                self.node("ai.onnx.ml.LabelEncoder", &[&whole], &attributes)
            }
            2 => {
                let bound = number(self.numbers);
                let bound = self.constant(bound);
                let greater = self.node("Greater", &[value, &bound], &[]);
                let flag = self.node("Cast", &[&greater], &[("to", Attribute::Integer(1))]);
                self.node("Mul", &[&flag, value], &[])
            }
            3 => {
                let other = self.of(value);
                self.node("Add", &[value, &other], &[])
            }
            4 => self.node("Reshape", &[value, "column"], &[]),
            _ => {
                let operator = ["Add", "Mul", "Div", "Max", "Sub", "Pow"][self.numbers.below(6)];
                let constant = number(self.numbers);
                let constant = self.constant(constant);
                if self.numbers.below(2) == 0 {
                    self.node(operator, &[&constant, value], &[])
                } else {
                    self.node(operator, &[value, &constant], &[])
                }
            }
        }
    }
}

fn model(numbers: &mut Numbers, width: usize) -> Vec<u8> {
    let columns = width as i64;
    let model = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, columns])
        .output("y", ElementType::Float, &[-1, 1])
        .integers("column", &[2], &[-1, 1]);
    let mut maker = Maker {
        numbers,
        model,
        made: 0,
    };
    let n_trees = 1 + maker.numbers.below(12);
    let gathered = maker.numbers.below(3);
    let mut terms = Vec::new();
    let mut others = Vec::new();
    for tree in 0..n_trees {
        let (rows, n_in) = if gathered == 0 || (gathered == 1 && tree % 3 == 0) {
            ("x".to_owned(), width)
        } else {
            let n_in = 1 + maker.numbers.below(width);
            let places: Vec<i64> = (0..n_in)
                .map(|_| maker.numbers.below(width) as i64)
                .collect();
            let name = format!("places{tree}");
            maker.model = maker.model.integers(&name, &[n_in as i64], &places);
            let rows = maker.node("Gather", &["x", &name], &[("axis", Attribute::Integer(1))]);
            (rows, n_in)
        };
        let places = maker.numbers.below(4) != 0;
        let mut value = maker.tree(&rows, n_in, places);
        for _ in 0..maker.numbers.below(6) {
            value = maker.of(&value);
        }
        match maker.numbers.below(30) {
            0 => value = maker.node("Cast", &[&value], &[("to", Attribute::Integer(1))]),
            1 => others.push(value.clone()),
            _ => {}
        }
        terms.push(value);
    }
    let mut sum = if maker.numbers.below(3) == 0 {
        let mut sum = terms[0].clone();
        for (idx, term) in terms.iter().enumerate().skip(1) {
            let pair = [sum.as_str(), term.as_str()];
            let reversed = [pair[1], pair[0]];
            let turn = maker.numbers.below(4) == 0;
            sum = maker.node("Add", if turn { &reversed } else { &pair }, &[]);
            if maker.numbers.below(12) == 0 && idx + 1 < terms.len() {
                others.push(sum.clone());
            }
        }
        sum
    } else {
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        maker.node("Sum", &terms, &[])
    };
    for other in others {
        sum = maker.node("Mul", &[&sum, &other], &[]);
    }
    for _ in 0..maker.numbers.below(3) {
        sum = maker.of(&sum);
    }
    maker
        .model
        .node("Reshape", &[&sum, "column"], &["y"], &[])
        .build()
}

#[test]
fn joined_trees_give_the_bits_of_the_graph_as_written() {
    let mut numbers = Numbers(17);
    let (mut n_joined, mut n_models) = (0, 0);
    for _ in 0..500 {
        let width = 1 + numbers.below(6);
        let bytes = model(&mut numbers, width);
        let models = both(&bytes);
        n_models += 1;
        n_joined += usize::from(models[1].plan.steps.len() < models[0].plan.steps.len());
        let rows = rows(&mut numbers, 1 + n_models % 37, width);
        same_bits(&models, &rows);
    }
    println!("{n_joined} of {n_models} models have joined trees");
    assert!(n_joined > n_models / 4, "{n_joined} of {n_models}");
}

#[test]
fn an_isolation_forest_is_one_forest() {
    let Some(data) = std::env::var_os("KRITES_DATA") else {
        return say_skipped(&"no models at KRITES_DATA");
    };
    let path = std::path::Path::new(&data).join("models/card_fraud_iforest.onnx");
    let Ok(bytes) = std::fs::read(&path) else {
        return say_skipped(&"no isolation forest at KRITES_DATA");
    };
    let models = both(&bytes);
    assert!(models[0].plan.steps.len() > 1_000);
    let n_steps = models[1].plan.steps.len();
    assert!(n_steps <= 10, "{n_steps} steps");
    let width = models[1].signature().inputs[0].width;
    let mut numbers = Numbers(19);
    same_bits(&models, &rows(&mut numbers, 500, width));
    let mut near = rows(&mut numbers, 500, width);
    near.mapv_inplace(|x| x / 50.0);
    same_bits(&models, &near);
}

#[test]
fn changed_bytes_never_panic() {
    let mut numbers = Numbers(23);
    for _ in 0..150 {
        let mut bytes = model(&mut numbers, 4);
        for _ in 0..1 + numbers.below(3) {
            let at = numbers.below(bytes.len());
            bytes[at] = numbers.below(256) as u8;
        }
        if let Ok(onnx) = OnnxModel::parse(&bytes) {
            let _ = NativeModel::from_onnx(&onnx);
        }
    }
}
