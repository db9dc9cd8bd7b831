//! How long a model takes: native, and by ONNX Runtime at its best, in one run.
//!
//! `cargo bench --bench model`. One thread each; inputs and outputs are made
//! before; ONNX Runtime reads the rows where they lie. Rows come in a new order
//! at each pass. Every answer of the one is compared with the other's, and a
//! warm native call is checked to allocate nothing, before anything is measured.
//! Where the library is not there, native models are measured alone.

#[path = "support/made.rs"]
mod made;
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "support/trees.rs"]
mod trees;

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::Instant;

use krites_model::testing::ModelBuilder;
use krites_model::{
    Call, ElementType, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use made::Made;
use ndarray::{Array2, ArrayView2};
use support::{CASES, Random, Visits};

/// Nanoseconds a row
type Nanoseconds = f64;

/// Native, and ONNX Runtime where it is there
type Figures = (Nanoseconds, Option<Nanoseconds>);

fn main() {
    // As a test, once is enough.
    let rounds = if std::env::args().any(|argument| argument == "--test") {
        1
    } else {
        41
    };
    let runtime = OnnxRuntime::locate(&Hints::default());
    match &runtime {
        Ok(runtime) => println!(
            "native and ONNX Runtime {} in turns, median of {rounds} rounds",
            runtime.version()
        ),
        Err(error) => println!("native alone, median of {rounds} rounds: {error}"),
    }
    println!("| model | rows | native | ONNX Runtime | ratio |\n|---|---|---|---|---|");
    let graph = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 20])
        .output("y", ElementType::Float, &[-1, 20])
        .node("Identity", &["x"], &["y"], &[]);
    let empty = Made {
        name: "nothing: 20 columns copied",
        columns: 20,
        missing: false,
        bytes: graph.build(),
    };
    for made in std::iter::once(empty).chain(made::models()) {
        let parsed = OnnxModel::parse(&made.bytes).unwrap();
        let native = NativeModel::from_onnx(&parsed).unwrap();
        let other = runtime.as_ref().ok().map(|runtime| {
            let signature = native.signature().clone();
            OnnxRuntimeModel::load(runtime, &made.bytes, signature, NonZeroUsize::MIN).unwrap()
        });
        let rows = rows(&made);
        let mut native = Subject::new(&native, &rows);
        let mut other = other.as_ref().map(|other| Subject::new(other, &rows));
        if let Some(other) = &mut other {
            native.agrees_with(other, made.name);
        }
        native.allocates_nothing();
        for at_once in [1, CASES] {
            line(&made, at_once, rounds, &mut native, other.as_mut());
        }
    }
}

fn rows(made: &Made) -> Array2<f32> {
    let mut random = Random(3);
    Array2::from_shape_fn((CASES, made.columns), |_| {
        if made.missing && random.whole(0, 20) == 0 {
            f32::NAN
        } else {
            trees::unit(&mut random)
        }
    })
}

/// Measures in turns and prints a line of the table.
fn line(
    made: &Made,
    at_once: usize,
    rounds: usize,
    native: &mut Subject<'_>,
    mut other: Option<&mut Subject<'_>>,
) {
    let mut figures: Vec<Figures> = (0..rounds)
        .map(|_| {
            (
                native.pass(at_once),
                other.as_mut().map(|other| other.pass(at_once)),
            )
        })
        .collect();
    let mut median = |of: &dyn Fn(&Figures) -> f64| {
        figures.sort_by(|a, b| of(a).total_cmp(&of(b)));
        of(&figures[rounds / 2])
    };
    let native = median(&|(native, _)| *native);
    print!("| {} | {at_once} | {native:.0} ns ", made.name);
    if other.is_some() {
        let other = median(&|(_, other)| other.unwrap_or_default());
        let ratio = median(&|(native, other)| other.unwrap_or_default() / native);
        println!("| {other:.0} ns | {ratio:.2} |");
    } else {
        println!("| – | – |");
    }
}

/// A model with its rows and all that a call needs
struct Subject<'m> {
    model: &'m dyn Model,
    rows: &'m Array2<f32>,
    /// The rows in the order of a pass
    shuffled: Array2<f32>,
    one: Vec<OutputTensor>,
    all: Vec<OutputTensor>,
    scratch: Scratch,
    visits: Visits,
}

impl<'m> Subject<'m> {
    fn new(model: &'m dyn Model, rows: &'m Array2<f32>) -> Self {
        let outputs = |n_rows| -> Vec<OutputTensor> {
            let specs = &model.signature().outputs;
            specs
                .iter()
                .map(|spec| OutputTensor::for_spec(spec, n_rows))
                .collect()
        };
        Self {
            model,
            rows,
            shuffled: rows.clone(),
            one: outputs(1),
            all: outputs(CASES),
            scratch: Scratch::default(),
            visits: Visits::new(),
        }
    }

    /// Answers each row, `at_once` together, and tells the time a row.
    fn pass(&mut self, at_once: usize) -> Nanoseconds {
        for mut row in self.shuffled.rows_mut() {
            row.assign(&self.rows.row(self.visits.next()));
        }
        let outputs = if at_once == 1 {
            &mut self.one
        } else {
            &mut self.all
        };
        let begun = Instant::now();
        for rows in self
            .shuffled
            .as_slice()
            .unwrap()
            .chunks(at_once * self.rows.ncols())
        {
            let view = ArrayView2::from_shape((at_once, self.rows.ncols()), rows).unwrap();
            call(self.model, black_box(view), outputs, &mut self.scratch);
            black_box(&outputs);
        }
        begun.elapsed().as_secs_f64() * 1e9 / CASES as f64
    }

    /// Compares all answers, row by row and at once.
    fn agrees_with(&mut self, other: &mut Self, name: &str) {
        let rows = self.rows;
        for subject in [&mut *self, &mut *other] {
            call(
                subject.model,
                rows.view(),
                &mut subject.all,
                &mut subject.scratch,
            );
        }
        assert_close(&self.all, &other.all, name);
        for row in rows.rows() {
            let row = row.insert_axis(ndarray::Axis(0));
            for subject in [&mut *self, &mut *other] {
                call(subject.model, row, &mut subject.one, &mut subject.scratch);
            }
            assert_close(&self.one, &other.one, name);
        }
    }

    fn allocates_nothing(&mut self) {
        for at_once in [1, CASES] {
            self.pass(at_once);
            let allocations = allocation_counter::measure(|| {
                self.pass(at_once);
            });
            assert_eq!(allocations.count_total, 0, "a warm call allocates");
        }
    }
}

fn call(
    model: &dyn Model,
    rows: ArrayView2<'_, f32>,
    outputs: &mut [OutputTensor],
    scratch: &mut Scratch,
) {
    let inputs = [InputTensor::Float(rows)];
    let call = &mut Call {
        inputs: &inputs,
        outputs,
        within: None,
        scratch,
    };
    model.run(call).unwrap();
}

fn assert_close(native: &[OutputTensor], other: &[OutputTensor], name: &str) {
    for (native, other) in native.iter().zip(other) {
        let (OutputTensor::Float(native), OutputTensor::Float(other)) = (native, other) else {
            assert_eq!(native, other, "{name}");
            continue;
        };
        for (a, b) in native.iter().zip(other) {
            assert!(
                (a - b).abs() <= 1e-6 + 1e-5 * b.abs(),
                "{name}: {a} and {b}"
            );
        }
    }
}
