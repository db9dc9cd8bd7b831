//! Graphs at random: a chain of operators over one input and what was made of it.

pub(crate) mod elementwise;
pub(crate) mod layers;
pub(crate) mod moves;
pub(crate) mod older;
pub(crate) mod reductions;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use krites_model::testing::{Attribute, Elements, ModelBuilder, Numbers};
use krites_model::{ElementType, Model, NativeModel, NotNative, OnnxModel};
use krites_onnxruntime::{OnnxRuntime, OnnxRuntimeModel};

use ndarray::Array2;

use crate::cells::{Cells, compare_models, pick, score};

/// Adds a node that reads `value`; none where the operator does not take it.
pub(crate) type Operator = fn(&mut Net, &Value) -> Option<Value>;

/// Operators that chains are made of
pub(crate) type Family = &'static [Operator];

/// A value of a graph
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) element: ElementType,
    /// Dimensions behind the batch
    pub(crate) dims: Vec<usize>,
    /// Both backends have the same bits
    pub(crate) exact: bool,
}

/// A graph under construction
pub(crate) struct Net {
    pub(crate) numbers: Numbers,
    model: ModelBuilder,
    count: usize,
    what: Vec<String>,
    opset: i64,
    /// The input has infinite numbers
    pub(crate) odd: bool,
    /// The input has what is no number
    pub(crate) nan: bool,
    /// All values made so far
    values: Vec<Value>,
}

impl Net {
    pub(crate) fn opset(&self) -> i64 {
        self.opset
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.numbers.below(bound)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        pick(&mut self.numbers, of)
    }

    /// Names an axis behind the batch, from one end or the other.
    pub(crate) fn axis(&mut self, value: &Value) -> Option<(usize, i64)> {
        if value.dims.is_empty() {
            return None;
        }
        let at = self.below(value.dims.len());
        Some((at, self.name_axis(value, at)))
    }

    /// Writes an axis behind the batch as the graph counts it.
    pub(crate) fn name_axis(&mut self, value: &Value, at: usize) -> i64 {
        let from_behind = at as i64 - value.dims.len() as i64;
        if self.below(2) == 0 {
            from_behind
        } else {
            at as i64 + 1
        }
    }

    /// Finds another value of a type and shape like those of `value`.
    pub(crate) fn other(&mut self, value: &Value) -> Value {
        let alike = |other: &&Value| other.element == value.element && other.dims == value.dims;
        let alike: Vec<Value> = self.values.iter().filter(alike).cloned().collect();
        alike[self.below(alike.len())].clone()
    }

    /// Adds a constant of any elements that do not make sums overflow.
    pub(crate) fn constant(&mut self, element: ElementType, dims: &[usize]) -> String {
        let len: usize = dims.iter().product();
        let elements = tame(&mut self.numbers, element, 1, len).elements();
        self.elements(dims, &elements)
    }

    pub(crate) fn elements(&mut self, dims: &[usize], elements: &Elements) -> String {
        let name = self.name();
        let dims: Vec<i64> = dims.iter().map(|&dim| dim as i64).collect();
        self.what.push(format!("{name} = {dims:?} {elements:?}"));
        self.model = self.model.clone().constant(&name, &dims, elements);
        name
    }

    pub(crate) fn integers(&mut self, values: &[i64]) -> String {
        self.elements(&[values.len()], &Elements::Integers(values.to_vec()))
    }

    fn name(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    /// Adds a node with several results and returns their names.
    pub(crate) fn nodes(
        &mut self,
        operator: &str,
        inputs: &[&str],
        n_results: usize,
        attributes: &[(&str, Attribute)],
    ) -> Vec<String> {
        let results: Vec<String> = (0..n_results).map(|_| self.name()).collect();
        self.what
            .push(format!("{results:?} = {operator}{inputs:?} {attributes:?}"));
        let names: Vec<&str> = results.iter().map(String::as_str).collect();
        self.model = self
            .model
            .clone()
            .node(operator, inputs, &names, attributes);
        results
    }

    pub(crate) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute)],
    ) -> String {
        self.nodes(operator, inputs, 1, attributes).remove(0)
    }
}

/// Makes small elements without anything that is no number.
pub(crate) fn tame(
    numbers: &mut Numbers,
    element: ElementType,
    rows: usize,
    columns: usize,
) -> Cells {
    let shape = (rows, columns);
    let mut number = || numbers.below(33) as f32 / 8.0 - 2.0;
    match element {
        ElementType::Float => Cells::Float(Array2::from_shape_fn(shape, |_| number())),
        ElementType::Double => Cells::Double(Array2::from_shape_fn(shape, |_| number().into())),
        ElementType::Integer => {
            Cells::Integer(Array2::from_shape_fn(shape, |_| (number() * 2.0) as i64))
        }
        _ => Cells::some(numbers, element, rows, columns),
    }
}

const ODD: [f32; 10] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    f32::INFINITY,
    f32::NEG_INFINITY,
    1e-30,
    f32::NAN,
];

/// Makes elements with what is infinite, or no number, among them. Sums of large
/// ones would differ with their order.
fn odd_cells(numbers: &mut Numbers, element: ElementType, columns: usize, nan: bool) -> Cells {
    let shape = (4, columns);
    let odd = if nan { &ODD } else { &ODD[..9] };
    let mut number = || pick(numbers, odd);
    match element {
        ElementType::Float => Cells::Float(Array2::from_shape_fn(shape, |_| number())),
        ElementType::Double => Cells::Double(Array2::from_shape_fn(shape, |_| number().into())),
        _ => tame(numbers, element, 4, columns),
    }
}

/// Makes a model of a chain, with its input.
fn chain(seed: u64, family: Family, opsets: &[i64]) -> (Vec<u8>, Vec<Cells>, Vec<String>, usize) {
    use ElementType::{Boolean, Double, Float, Integer, Text};
    let mut numbers = Numbers(seed);
    let element = pick(
        &mut numbers,
        &[Float, Float, Float, Double, Integer, Boolean, Text],
    );
    let columns = 1 + numbers.below(6);
    let odd = numbers.below(4) == 0;
    let nan = odd && numbers.below(2) == 0;
    let cells = if odd {
        odd_cells(&mut numbers, element, columns, nan)
    } else {
        tame(&mut numbers, element, 4, columns)
    };
    let flat = columns == 1 && numbers.below(3) == 0;
    let (port, dims) = if flat {
        (vec![-1], Vec::new())
    } else {
        (vec![-1, columns as i64], vec![columns])
    };
    let opset = pick(&mut numbers, opsets);
    let mut value = Value {
        name: "x".to_owned(),
        element,
        dims,
        exact: true,
    };
    let model = ModelBuilder::new().opset("", opset);
    let mut net = Net {
        model: model.input("x", element, &port),
        count: 0,
        opset,
        odd,
        nan,
        what: vec![format!("operator set {opset}, x {element} {columns}")],
        values: vec![value.clone()],
        numbers,
    };
    let length = 1 + net.below(4);
    let mut n_nodes = 0;
    for _ in 0..40 {
        let operator = net.pick(family);
        if let Some(made) = operator(&mut net, &value) {
            net.values.push(made.clone());
            value = made;
            n_nodes += 1;
        }
        if n_nodes == length {
            break;
        }
    }
    if value.dims.len() > 1 {
        value.name = net.node("Flatten", &[&value.name], &[]);
        value.dims = vec![value.dims.iter().product()];
    }
    let name = net.node("Identity", &[&value.name], &[]);
    let mut port = vec![-1];
    port.extend(value.dims.iter().map(|&dim| dim as i64));
    let model = net.model.output(&name, value.element, &port);
    (model.build(), vec![cells], net.what, n_nodes)
}

/// Compares graphs of a family, and says how many of them ONNX Runtime takes.
pub(crate) fn run_family(
    runtime: &OnnxRuntime,
    name: &str,
    family: Family,
    opsets: &[i64],
    n_graphs: u64,
) {
    let (mut compared, mut seed, mut refused) = (0, 0, 0);
    let mut operators: BTreeMap<String, usize> = BTreeMap::new();
    while compared < n_graphs {
        seed += 1;
        assert!(
            seed < 4 * n_graphs,
            "most graphs are refused by ONNX Runtime"
        );
        let (bytes, rows, what, n_nodes) = chain(seed, family, opsets);
        if n_nodes == 0 {
            continue;
        }
        let what = format!("{name}, seed {seed}: {}", what.join("\n  "));
        let onnx = OnnxModel::parse(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        let native = match NativeModel::from_onnx(&onnx) {
            Ok(native) => native,
            // A choice by constants can leave nothing of the input.
            Err(NotNative::Port { .. }) => continue,
            Err(error) => panic!("{what}: {error}"),
        };
        let signature = native.signature().clone();
        let Ok(other) = OnnxRuntimeModel::load(runtime, &bytes, signature, NonZeroUsize::MIN)
        else {
            // Not every operator has a kernel for each type of the specification.
            refused += 1;
            continue;
        };
        compare_models(&what, &native, &other, &rows);
        for operator in onnx.contents().operators.keys() {
            *operators.entry(operator.clone()).or_default() += 1;
        }
        compared += 1;
    }
    let operators: Vec<String> = operators
        .iter()
        .map(|(operator, count)| format!("{operator} {count}"))
        .collect();
    println!(
        "{compared} graphs of {name} operators compared, {refused} beyond ONNX Runtime: {}",
        operators.join(", ")
    );
}

/// Changes bytes of graphs: whatever they become is refused or runs.
pub(crate) fn damage_family(family: Family, opsets: &[i64], n_graphs: u64) -> [usize; 3] {
    let mut counts = [0; 3];
    for seed in 1..=n_graphs {
        let (bytes, rows, _, _) = chain(seed, family, opsets);
        let mut numbers = Numbers(seed);
        for _ in 0..8 {
            let mut damaged = bytes.clone();
            let at = numbers.below(damaged.len());
            damaged[at] ^= pick(&mut numbers, &[0x01, 0x02, 0x10, 0x80, 0xff]);
            let Ok(onnx) = OnnxModel::parse(&damaged) else {
                counts[0] += 1;
                continue;
            };
            match NativeModel::from_onnx(&onnx) {
                Err(_) => counts[1] += 1,
                Ok(model) => {
                    counts[2] += 1;
                    let _ = score(&model, &rows, 0, 4);
                }
            }
        }
    }
    counts
}
