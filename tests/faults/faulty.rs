//! A model that fails on command, around one that works: native, or of ONNX Runtime.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use krites::ModelFaultKind;
use krites_model::testing::{Attribute, ModelBuilder, say_skipped};
use krites_model::{
    Call, ElementType, InputTensor, Model, ModelError, NativeModel, OnnxModel, OutputTensor,
    Scratch, Signature,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use ndarray::{Array2, arr2};

/// Words of a backend, which differ from machine to machine
pub(crate) const WORDS: &str = "/opt/lib.so: no memory at 0x7f3a";

/// What goes wrong
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Injected {
    /// The run ends with an error
    Error,
    /// The run lasts too long
    Late,
    /// The probability is NaN
    NaN,
    /// The probability is infinite
    Infinite,
    /// The probability is above one
    Outside,
    /// The probability comes as a whole number
    OtherType,
    /// There is no probability
    Nothing,
    /// All sessions are in use
    Busy,
    /// The text is longer than texts may be
    LongText,
    /// The probabilities of the distribution sum to more than one
    NotOne,
    /// What the model is fed is missing: of the case, and not of the model
    Unfed,
    /// What the model is fed lies outside of its training: of the case, too
    Untrained,
}

impl Injected {
    pub(crate) const ALL: [Injected; 12] = [
        Injected::Error,
        Injected::Late,
        Injected::NaN,
        Injected::Infinite,
        Injected::Outside,
        Injected::OtherType,
        Injected::Nothing,
        Injected::Busy,
        Injected::LongText,
        Injected::NotOne,
        Injected::Unfed,
        Injected::Untrained,
    ];

    /// The kind that is counted.
    pub(crate) fn kind(self) -> ModelFaultKind {
        match self {
            Injected::Error => ModelFaultKind::Failed,
            Injected::Late => ModelFaultKind::Late,
            Injected::NaN | Injected::Infinite => ModelFaultKind::NotFinite,
            Injected::Outside => ModelFaultKind::OutsideRange,
            Injected::OtherType | Injected::Nothing => ModelFaultKind::NoAnswer,
            Injected::Busy => ModelFaultKind::Busy,
            Injected::LongText => ModelFaultKind::TextTooLong,
            Injected::NotOne => ModelFaultKind::NotOne,
            Injected::Unfed => ModelFaultKind::Feed,
            Injected::Untrained => ModelFaultKind::OutsideTraining,
        }
    }
}

/// Above this the model of ONNX Runtime does not end
const ENDLESS: f32 = 1000.0;

/// `p` is `x / 200`, `kinds` sum to one, `word` is a text. An endless one does not end
/// above [`ENDLESS`].
pub(crate) fn graph(endless: bool) -> Vec<u8> {
    let model = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("p", ElementType::Float, &[-1, 1])
        .output("kinds", ElementType::Float, &[-1, 2])
        .output("word", ElementType::Text, &[-1, 1])
        .floats("share", &[1], &[0.005])
        .floats("none", &[1, 2], &[0.0, 0.0])
        .floats("shares", &[1, 2], &[0.75, 0.25]);
    let (model, x) = if endless {
        let body = ModelBuilder::new()
            .input("turn", ElementType::Integer, &[])
            .input("goes_on", ElementType::Boolean, &[])
            .input("so_far", ElementType::Float, &[-1, 1])
            .output("goes_on_then", ElementType::Boolean, &[])
            .output("then", ElementType::Float, &[-1, 1])
            .floats("one", &[1], &[1.0])
            .node("Identity", &["goes_on"], &["goes_on_then"], &[])
            .node("Add", &["so_far", "one"], &["then"], &[]);
        let keep = [("keepdims", Attribute::Integer(0))];
        let body = [("body", Attribute::Body(Box::new(body)))];
        let model = model
            .floats("bound", &[], &[ENDLESS])
            .node("ReduceSum", &["x"], &["sum"], &keep)
            .node("Greater", &["sum", "bound"], &["above"], &[])
            .node("Loop", &["", "above", "x"], &["looped"], &body);
        (model, "looped")
    } else {
        (model, "x")
    };
    model
        .node("Mul", &[x, "share"], &["p"], &[])
        .node("MatMul", &[x, "none"], &["nothing"], &[])
        .node("Add", &["nothing", "shares"], &["kinds"], &[])
        .node(
            "ai.onnx.ml.LabelEncoder",
            &[x],
            &["word"],
            &[
                ("keys_floats", Attribute::Floats(vec![7.0])),
                ("values_strings", Attribute::Texts(vec!["seven"])),
                ("default_string", Attribute::Text("known")),
            ],
        )
        .build()
}

/// The model, natively.
pub(crate) fn native() -> Arc<dyn Model> {
    let parsed = OnnxModel::parse(&graph(false)).unwrap();
    Arc::new(NativeModel::from_onnx(&parsed).unwrap())
}

/// The model in one session of ONNX Runtime; where the library is absent, a word of that.
pub(crate) fn foreign() -> Option<Arc<dyn Model>> {
    let runtime = match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => runtime,
        Err(error) => {
            say_skipped(&error);
            return None;
        }
    };
    let bytes = graph(true);
    let signature = OnnxModel::parse(&bytes).unwrap().signature().clone();
    let one = NonZeroUsize::MIN;
    let model = OnnxRuntimeModel::load(&runtime, &bytes, signature, one).unwrap();
    Some(Arc::new(model))
}

/// A model that does what it is told
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Model>,
    injected: Mutex<Option<Injected>>,
    /// The model itself is late and busy, and need not pretend
    is_real: bool,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Model>) -> Arc<Faulty> {
        Arc::new(Faulty {
            is_real: inner.backend() != "native",
            inner,
            injected: Mutex::new(None),
        })
    }

    pub(crate) fn inject(&self, injected: Option<Injected>) {
        *self.injected.lock().unwrap() = injected;
    }

    /// Tells whether faults of this kind happen in the model itself.
    pub(crate) fn is_real(&self) -> bool {
        self.is_real
    }

    /// Keeps the only session in use for a while.
    pub(crate) fn hold(&self) -> Held {
        let inner = self.inner.clone();
        let thread = thread::spawn(move || run(&*inner, 2.0 * ENDLESS, Duration::from_millis(150)));
        let held = Held {
            inner: self.inner.clone(),
            thread: Some(thread),
        };
        while !held.is_busy() && !held.is_over() {
            thread::yield_now();
        }
        held
    }
}

/// A session in use
pub(crate) struct Held {
    inner: Arc<dyn Model>,
    thread: Option<JoinHandle<Result<(), ModelError>>>,
}

impl Held {
    fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Tells whether it is in use yet: what came before met a session that was.
    pub(crate) fn is_busy(&self) -> bool {
        run(&*self.inner, 1.0, Duration::from_secs(60)) == Err(ModelError::Busy)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(matches!(ended, Some(Ok(_))), "the run is cut");
    }
}

fn run(model: &dyn Model, x: f32, within: Duration) -> Result<(), ModelError> {
    let fed = arr2(&[[x]]);
    let outputs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = outputs
        .map(|spec| OutputTensor::for_spec(spec, 1))
        .collect();
    model.run(&mut Call {
        inputs: &[InputTensor::Float(fed.view())],
        outputs: &mut outputs,
        within: Some(within),
        scratch: &mut Scratch::default(),
    })
}

impl Model for Faulty {
    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn backend(&self) -> &str {
        self.inner.backend()
    }

    fn batching_changes_bits(&self) -> bool {
        self.inner.batching_changes_bits()
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let injected = *self.injected.lock().unwrap();
        match injected {
            // It is not called then: that would be told apart.
            Some(Injected::Error | Injected::Untrained) => {
                let detail = WORDS.to_owned();
                return Err(ModelError::Failed { detail });
            }
            Some(Injected::Late) if self.is_real => {
                // The model is given what it never ends on, and its own deadline.
                let within = call.within.unwrap();
                return run(&*self.inner, 2.0 * ENDLESS, within);
            }
            Some(Injected::Late) => return Err(ModelError::Late { within_ms: 1 }),
            Some(Injected::Busy) if !self.is_real => return Err(ModelError::Busy),
            _ => {}
        }
        self.inner.run(call)?;
        let rows = call.outputs[0].dim().0;
        let last = (rows - 1, 0);
        let [p, kinds, word] = call.outputs else {
            panic!("three outputs");
        };
        let (OutputTensor::Float(share), OutputTensor::Float(kind), OutputTensor::Text(text)) =
            (&mut *p, kinds, word)
        else {
            panic!("other outputs");
        };
        match injected {
            Some(Injected::NaN) => share[last] = f32::NAN,
            Some(Injected::Infinite) => share[last] = f32::INFINITY,
            Some(Injected::Outside) => share[last] = 1.5,
            Some(Injected::NotOne) => kind[last] = 0.9,
            Some(Injected::LongText) => text[last] = "x".repeat(krites::lang::MAX_TEXT + 1),
            Some(Injected::OtherType) => *p = OutputTensor::Integer(Array2::ones((rows, 1))),
            Some(Injected::Nothing) => *p = OutputTensor::Float(Array2::zeros((rows, 0))),
            _ => {}
        }
        Ok(())
    }
}
