//! Ranks with a model that is asked for each row: one call for all of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use krites::{Date, Engine, Release};
use krites_model::{
    Call, ElementType, InputSpec, InputTensor, Model, ModelError, OutputSpec, OutputTensor,
    Signature,
};

/// Answers the half of what it is fed, and counts its calls and rows
#[derive(Debug)]
struct Half {
    signature: Signature,
    alone: bool,
    calls: Arc<AtomicUsize>,
    rows: Arc<AtomicUsize>,
}

impl Half {
    fn new(alone: bool, calls: &Arc<AtomicUsize>, rows: &Arc<AtomicUsize>) -> Self {
        let input = InputSpec {
            name: "x".to_owned(),
            element: ElementType::Float,
            width: 1,
            columns: Vec::new(),
        };
        let output = OutputSpec {
            name: "y".to_owned(),
            element: ElementType::Float,
            width: 1,
            classes: None,
        };
        Self {
            signature: Signature {
                inputs: vec![input],
                outputs: vec![output],
            },
            alone,
            calls: calls.clone(),
            rows: rows.clone(),
        }
    }
}

impl Model for Half {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &str {
        "test"
    }

    fn batching_changes_bits(&self) -> bool {
        self.alone
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let (InputTensor::Float(x), OutputTensor::Float(y)) =
            (&call.inputs[0], &mut call.outputs[0])
        else {
            panic!("floats");
        };
        assert_eq!(x.dim(), y.dim());
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.rows.fetch_add(x.dim().0, Ordering::SeqCst);
        y.assign(&x.mapv(|x| x / 2.0));
        Ok(())
    }
}

const POLICY: &str = "policy offers { version \"1\"; on fault refer }
enum Outcome { approve < refer }
enum Offer { a, b, c, none }
input { closed : boolean }
model half from \"half\" for each of offers { feed { x = offers.margin }; give y : decimal = y }
rank offers by value, at least 1 -> offer : Offer, margin : decimal, value : decimal = half.y {
    | closed | offer | margin |
    | any    | a     | 1      |
    | false  | b     | 5      |
    | false  | c     | 3      |
}
decide outcome : Outcome most severe { rule rest otherwise then approve }
output {
    when outcome is approve {
        best  : Offer   = first of offers.offer if none none
        total : decimal = sum of offers.value
    }
}
";

#[test]
fn a_model_is_called_once_for_all_rows_unless_its_bits_change() {
    for (alone, expected) in [(false, 1), (true, 3)] {
        let calls = Arc::new(AtomicUsize::new(0));
        let rows = Arc::new(AtomicUsize::new(0));
        let release = Release::builder()
            .policy("offers.krites", POLICY)
            .host_model("half", Arc::new(Half::new(alone, &calls, &rows)), b"half")
            .build()
            .unwrap();
        let mut decider = Engine::new(release).decider("offers").unwrap();
        let day = Date::new(2026, 11, 22).unwrap();
        let mut decide = |closed: bool| {
            let facts = serde_json::json!({ "closed": closed });
            let decision = decider.decide(day, &facts).unwrap();
            let output = |name: &str| decision.output(name).unwrap().to_string();
            (output("best"), output("total"))
        };
        assert_eq!(decide(false), ("b".to_owned(), "4".to_owned()));
        assert_eq!(calls.load(Ordering::SeqCst), expected);
        assert_eq!(rows.load(Ordering::SeqCst), 3);
        // Fewer rows behind more of them, and more again
        assert_eq!(decide(true), ("none".to_owned(), "0".to_owned()));
        assert_eq!(decide(false), ("b".to_owned(), "4".to_owned()));
        assert_eq!(rows.load(Ordering::SeqCst), 7);
    }
}
