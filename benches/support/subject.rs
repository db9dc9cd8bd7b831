//! A model under measurement: its rows in a new order at each pass, and all
//! that a call needs, made before.

use std::hint::black_box;
use std::ops::Range;
use std::sync::Barrier;
use std::time::Instant;

use krites_model::{Call, ElementType, InputTensor, Model, OutputTensor, Scratch, Signature};
use ndarray::{Array2, Axis};

use super::support::{CASES, Visits};

/// Nanoseconds a row
pub(crate) type Nanoseconds = f64;

/// The rows of one input
#[derive(Clone, Debug)]
pub(crate) enum Rows {
    Floats(Array2<f32>),
    Texts(Array2<String>),
}

impl Rows {
    fn n_rows(&self) -> usize {
        match self {
            Self::Floats(rows) => rows.nrows(),
            Self::Texts(rows) => rows.nrows(),
        }
    }
}

/// The rows of one input in the order of a pass
enum Shuffled<'m> {
    Floats(Array2<f32>),
    Texts(Array2<&'m str>),
}

impl<'m> Shuffled<'m> {
    fn of(rows: &'m Rows, order: &[usize]) -> Self {
        match rows {
            Rows::Floats(rows) => Self::Floats(rows.select(Axis(0), order)),
            Rows::Texts(rows) => {
                let shape = (order.len(), rows.ncols());
                Self::Texts(Array2::from_shape_fn(shape, |(at, column)| {
                    rows[(order[at], column)].as_str()
                }))
            }
        }
    }

    fn view(&self, range: &Range<usize>) -> InputTensor<'_> {
        let range = range.clone().into();
        match self {
            Self::Floats(rows) => InputTensor::Float(rows.slice_axis(Axis(0), range)),
            Self::Texts(rows) => InputTensor::Text(rows.slice_axis(Axis(0), range)),
        }
    }
}

/// A model with its rows
pub(crate) struct Subject<'m> {
    model: &'m dyn Model,
    rows: &'m [Rows],
    one: Vec<OutputTensor>,
    all: Vec<OutputTensor>,
    scratch: Scratch,
    visits: Visits,
}

impl<'m> Subject<'m> {
    pub(crate) fn new(model: &'m dyn Model, rows: &'m [Rows]) -> Self {
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
            one: outputs(1),
            all: outputs(CASES),
            scratch: Scratch::default(),
            visits: Visits::new(),
        }
    }

    /// Answers as many rows as there are cases, `at_once` together, and tells
    /// the time a row.
    pub(crate) fn pass(&mut self, at_once: usize) -> Nanoseconds {
        let mut taken = 0.0;
        self.with_calls(CASES, at_once, |answer| {
            let begun = Instant::now();
            answer();
            taken = begun.elapsed().as_secs_f64();
        });
        taken * 1e9 / CASES as f64
    }

    /// Answers some rows one by one as [`Self::pass`] does, from when all threads
    /// are ready, and tells the seconds.
    pub(crate) fn pass_after(&mut self, n_rows: usize, barrier: &Barrier) -> f64 {
        let mut taken = 0.0;
        self.with_calls(n_rows, 1, |answer| {
            answer();
            barrier.wait();
            let begun = Instant::now();
            answer();
            taken = begun.elapsed().as_secs_f64();
        });
        taken
    }

    /// Makes the rows and inputs of a pass and gives what answers them.
    pub(crate) fn with_calls(
        &mut self,
        count: usize,
        at_once: usize,
        measure: impl FnOnce(&mut dyn FnMut()),
    ) {
        let n_rows = self.rows[0].n_rows();
        let order: Vec<usize> = (0..count).map(|_| self.visits.next() % n_rows).collect();
        let shuffled: Vec<_> = self
            .rows
            .iter()
            .map(|rows| Shuffled::of(rows, &order))
            .collect();
        let outputs = if at_once == 1 {
            &mut self.one
        } else {
            &mut self.all
        };
        let (model, scratch) = (self.model, &mut self.scratch);
        measure(&mut || {
            for from in (0..count).step_by(at_once) {
                let range = from..from + at_once;
                call(model, black_box(&shuffled), range, outputs, scratch);
                black_box(&outputs);
            }
        });
    }

    /// Compares all answers, row by row and at once.
    pub(crate) fn agrees_with(&mut self, other: &mut Self, name: &str) {
        let order: Vec<usize> = (0..CASES).map(|at| at % self.rows[0].n_rows()).collect();
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|rows| Shuffled::of(rows, &order))
            .collect();
        for from in std::iter::once(None).chain((0..CASES).map(Some)) {
            let (from, to) = from.map_or((0, CASES), |from| (from, from + 1));
            for subject in [&mut *self, &mut *other] {
                let model = subject.model;
                let (outputs, scratch) = subject.outputs(to - from);
                call(model, &rows, from..to, outputs, scratch);
            }
            let (ours, theirs) = (self.outputs(to - from).0, other.outputs(to - from).0);
            assert_close(ours, theirs, name);
        }
    }

    /// Returns what it gives for the first rows, asked one by one.
    #[allow(dead_code, reason = "each bench uses what it needs")]
    pub(crate) fn answers(&mut self) -> Vec<OutputTensor> {
        let order: Vec<usize> = (0..CASES).map(|at| at % self.rows[0].n_rows()).collect();
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|rows| Shuffled::of(rows, &order))
            .collect();
        let model = self.model;
        let mut all = Vec::new();
        for at in 0..CASES {
            let (outputs, scratch) = self.outputs(1);
            call(model, &rows, at..at + 1, outputs, scratch);
            all.extend_from_slice(outputs);
        }
        all
    }

    /// Compares the floats that it gives for the first rows, output by output.
    pub(crate) fn gives(&mut self, theirs: &[f32], at_once: usize, name: &str) {
        let order: Vec<usize> = (0..at_once).map(|at| at % self.rows[0].n_rows()).collect();
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|rows| Shuffled::of(rows, &order))
            .collect();
        let model = self.model;
        let (outputs, scratch) = self.outputs(at_once);
        call(model, &rows, 0..at_once, outputs, scratch);
        let floats = outputs.iter().filter_map(|output| match output {
            OutputTensor::Float(output) => Some(output.iter().copied()),
            _ => None,
        });
        let ours: Vec<f32> = floats.flatten().collect();
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (a, b) in ours.iter().zip(theirs) {
            assert!(
                (a - b).abs() <= 1e-6 + 1e-5 * b.abs(),
                "{name}: {a} and {b}"
            );
        }
    }

    fn outputs(&mut self, n_rows: usize) -> (&mut [OutputTensor], &mut Scratch) {
        let outputs = if n_rows == 1 {
            &mut self.one
        } else {
            &mut self.all
        };
        (outputs, &mut self.scratch)
    }

    /// Checks that warm calls allocate nothing, but for the texts that they make.
    pub(crate) fn allocates_nothing(&mut self) {
        if texts(self.model.signature()) {
            return;
        }
        for at_once in [1, CASES] {
            self.pass(at_once);
            self.with_calls(CASES, at_once, |answer| {
                let allocations = allocation_counter::measure(answer);
                assert_eq!(allocations.count_total, 0, "a warm call allocates");
            });
        }
    }
}

fn texts(signature: &Signature) -> bool {
    let mut inputs = signature.inputs.iter();
    inputs.any(|spec| spec.element == ElementType::Text)
}

/// Answers some of the rows. One input, as most models have, needs no memory.
fn call(
    model: &dyn Model,
    rows: &[Shuffled<'_>],
    range: Range<usize>,
    outputs: &mut [OutputTensor],
    scratch: &mut Scratch,
) {
    let (one, many);
    let inputs: &[InputTensor<'_>] = if let [only] = rows {
        one = [only.view(&range)];
        &one
    } else {
        many = rows
            .iter()
            .map(|rows| rows.view(&range))
            .collect::<Vec<_>>();
        &many
    };
    let call = &mut Call {
        inputs,
        outputs,
        within: None,
        scratch,
    };
    model.run(call).unwrap();
}

/// Compares answers: numbers within a bound, all else to be equal.
pub(crate) fn assert_close(ours: &[OutputTensor], theirs: &[OutputTensor], name: &str) {
    for (ours, theirs) in ours.iter().zip(theirs) {
        let (OutputTensor::Float(ours), OutputTensor::Float(theirs)) = (ours, theirs) else {
            assert_eq!(ours, theirs, "{name}");
            continue;
        };
        for (a, b) in ours.iter().zip(theirs) {
            let close = (a - b).abs() <= 1e-6 + 1e-5 * b.abs();
            assert!(close, "{name}: {a} and {b}");
        }
    }
}
