//! Reasons for what models answer: contributions in the order in which they are owed,
//! tried where the policy says so, and told by the record.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use krites::{Date, Engine, LoadErrorKind, Release, ReleaseBuilder};
use krites_model::{
    Call, ElementType, Explained, Explainer, InputRows, InputSpec, InputTensor, Model, ModelError,
    NotExplained, OutputSpec, OutputTensor, Scratch, Signature, Unit,
};

/// `y = w·x`, but for what lies beyond `flat`, which changes nothing
#[derive(Clone, Debug)]
struct Linear {
    signature: Signature,
    weights: [f32; 3],
    /// Above this, `y` stays
    flat: f32,
    /// How often it was made ready to be explained
    explained: Arc<AtomicUsize>,
}

impl Linear {
    fn new(weights: [f32; 3], flat: f32) -> Self {
        let input = InputSpec {
            name: "x".to_owned(),
            element: ElementType::Float,
            width: 3,
            columns: ["debt", "income", "age"].map(str::to_owned).to_vec(),
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
            weights,
            flat,
            explained: Arc::default(),
        }
    }

    fn sum(&self, row: impl Iterator<Item = f32>) -> f32 {
        row.zip(self.weights).map(|(x, w)| x * w).sum()
    }
}

impl Model for Linear {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &'static str {
        "linear 1"
    }

    fn batching_changes_bits(&self) -> bool {
        false
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let ([InputTensor::Float(rows)], [OutputTensor::Float(y)]) =
            (call.inputs, &mut *call.outputs)
        else {
            panic!("a model of one matrix");
        };
        for (row, y) in rows.rows().into_iter().zip(y.iter_mut()) {
            *y = self.sum(row.iter().copied()).min(self.flat);
        }
        Ok(())
    }

    fn explainer(&self, explained: &Explained<'_>) -> Result<Box<dyn Explainer>, NotExplained> {
        self.explained.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(LinearExplainer {
            of: self.clone(),
            means: means(explained.background),
        }))
    }
}

fn means(background: &InputRows) -> [f64; 3] {
    let [OutputTensor::Float(rows)] = background.inputs() else {
        panic!("a matrix");
    };
    let mut means = [0.0; 3];
    for row in rows.rows() {
        for (mean, x) in means.iter_mut().zip(row) {
            *mean += f64::from(*x) / rows.nrows() as f64;
        }
    }
    means
}

#[derive(Debug)]
struct LinearExplainer {
    of: Linear,
    means: [f64; 3],
}

impl Explainer for LinearExplainer {
    fn base(&self) -> f64 {
        let products = self.means.iter().zip(self.of.weights);
        products.map(|(mean, w)| mean * f64::from(w)).sum()
    }

    fn unit(&self) -> Unit {
        Unit::Output
    }

    fn explain(
        &self,
        row: &[InputTensor<'_>],
        contributions: &mut [f64],
        _: &mut Scratch,
    ) -> Result<f64, ModelError> {
        let [InputTensor::Float(row)] = row else {
            panic!("a matrix");
        };
        for (at, (place, x)) in contributions.iter_mut().zip(row).enumerate() {
            let (mean, w) = (
                self.means.get(at).unwrap(),
                self.of.weights.get(at).unwrap(),
            );
            *place = (f64::from(*x) - mean) * f64::from(*w);
        }
        Ok(f64::from(self.of.sum(row.iter().copied())))
    }
}

const BACKGROUND: &str = "debt,income,age\n1,4,30\n3,6,50\n2,5,40\n";

fn policy(reasons: &str, owed: &str) -> String {
    format!(
        r#"
policy loan {{ version "1" }}
reason RULE "Rule"
reason DEBT "Debt"
reason INCOME "Income"
reason AGE "Age"
reason M00 "Down"
enum Outcome {{ approve < decline }}
input {{
    debt   : decimal in 0 to 100
    income : decimal in 0 to 100
    age    : decimal in 0 to 120 private
    known  : boolean
}}
columns features {{ debt, income, age }}
model risk from "risk" {{
    feed {{ x = features }}
    give y : decimal = y
    {reasons}
    on fault decline because M00
}}
decide outcome : Outcome most severe {{
    rule known when known then decline because RULE
    stop once decline
    rule high when risk.y > 0 then decline
    rule rest otherwise then approve
}}
reasons at most 3 {{ for decline : {owed} }}
"#
    )
}

fn builder(policy: String, model: Linear) -> ReleaseBuilder {
    Release::builder()
        .policy("loan.krites", policy)
        .host_model("risk", Arc::new(model), b"1")
        .file("risk.background.csv", BACKGROUND)
}

struct Told {
    outcome: String,
    reasons: Vec<String>,
    record: serde_json::Value,
}

fn decided(builder: ReleaseBuilder, case: &serde_json::Value) -> Told {
    let release = match builder.build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    };
    let engine = Engine::new(release);
    let mut decider = engine.decider("loan").unwrap();
    let day = Date::new(2026, 11, 22).unwrap();
    let decision = decider.decide(day, case).unwrap();
    let record = decision.record(krites::Envelope::default());
    Told {
        outcome: decision.outcome().to_owned(),
        reasons: decision
            .reasons()
            .map(|reason| reason.code.to_owned())
            .collect(),
        record: serde_json::to_value(record).unwrap(),
    }
}

fn case(debt: f64, income: f64, age: f64, known: bool) -> serde_json::Value {
    serde_json::json!({ "debt": debt, "income": income, "age": age, "known": known })
}

const ALL: &str = "reasons { age : AGE, debt : DEBT, income : INCOME }";
const THEN: &str = "rules that spoke, then risk.contributions";

#[test]
fn what_raised_the_answer_gives_its_reason_the_most_first() {
    // Means are 2, 5 and 40: contributions 4, 1 and -2.
    let model = Linear::new([2.0, -1.0, 0.1], f32::MAX);
    let told = decided(
        builder(policy(ALL, THEN), model),
        &case(4.0, 4.0, 20.0, false),
    );
    assert_eq!(told.outcome, "decline");
    assert_eq!(told.reasons, ["DEBT", "INCOME"]);
    let said = &told.record["contributions"]["risk"];
    assert_eq!(said["unit"], "units of the output");
    assert_eq!(said["base"].as_f64().map(|base| base.round()), Some(3.0));
    assert_eq!(said["features"][0]["feature"], "age");
    // It is private: what it added is not told.
    assert!(said["features"][0]["contribution"].is_null());
    assert_eq!(said["features"][1]["contribution"], 4.0);
    assert_eq!(said["features"][2]["gives"], true);
}

#[test]
fn what_lowered_it_does_where_low_is_adverse() {
    let model = Linear::new([2.0, -1.0, 0.1], f32::MAX);
    let low = ALL.replace("reasons {", "reasons for low y {");
    let told = decided(
        builder(policy(&low, THEN), model),
        &case(4.0, 4.0, 20.0, false),
    );
    assert_eq!(told.reasons, ["AGE"]);
}

#[test]
fn a_model_that_was_not_asked_is_run_for_its_reasons_unless_if_asked() {
    let model = || Linear::new([2.0, -1.0, 0.1], f32::MAX);
    let known = case(4.0, 4.0, 20.0, true);
    let told = decided(builder(policy(ALL, THEN), model()), &known);
    assert_eq!(told.reasons, ["RULE", "DEBT", "INCOME"]);
    let if_asked = format!("{THEN} if asked");
    let told = decided(builder(policy(ALL, &if_asked), model()), &known);
    assert_eq!(told.reasons, ["RULE"]);
    assert!(told.record["contributions"].is_null());
}

#[test]
fn a_verified_reason_that_changes_nothing_gives_way_to_the_next() {
    // Debt adds 10 and income 9, but with any debt of the background the answer stays.
    let verified = ALL.replace("reasons {", "reasons verified {");
    let model = Linear::new([1.0, -3.0, 0.5], 12.0);
    let one = policy(&verified, THEN).replace("at most 3", "at most 1");
    let told = decided(builder(one, model), &case(12.0, 2.0, 34.0, false));
    assert_eq!(told.reasons, ["INCOME"], "{}", told.record["contributions"]);
    let said = &told.record["contributions"]["risk"];
    assert_eq!(said["features"][1]["contribution"], 10.0);
    assert_eq!(said["features"][1]["gives"], false);
    assert_eq!(said["features"][1]["answer_without"], 12.0);
    assert_eq!(said["features"][2]["gives"], true);
}

#[test]
fn a_derived_release_explains_by_what_it_had() {
    let model = Linear::new([2.0, -1.0, 0.1], f32::MAX);
    let explained = model.explained.clone();
    let release = builder(policy(ALL, THEN), model).build().unwrap();
    assert_eq!(explained.load(Ordering::Relaxed), 1);
    let same = release.derive().build().unwrap();
    assert_eq!(explained.load(Ordering::Relaxed), 1);
    let other = same.derive();
    let other = other.file("risk.background.csv", "debt,income,age\n1,4,30\n");
    other.build().unwrap();
    assert_eq!(explained.load(Ordering::Relaxed), 2);
}

#[test]
fn what_cannot_be_explained_is_refused_where_the_reasons_stand() {
    #[derive(Debug)]
    struct Silent(Linear);
    impl Model for Silent {
        fn signature(&self) -> &Signature {
            &self.0.signature
        }
        fn backend(&self) -> &'static str {
            "silent 1"
        }
        fn batching_changes_bits(&self) -> bool {
            false
        }
        fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
            self.0.run(call)
        }
    }
    let model = Linear::new([1.0, 1.0, 1.0], f32::MAX);
    let error = Release::builder()
        .policy("loan.krites", policy(ALL, THEN))
        .host_model("risk", Arc::new(Silent(model)), b"1")
        .file("risk.background.csv", BACKGROUND)
        .build()
        .unwrap_err();
    let LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let shown = error.to_string();
    let codes: Vec<String> = errors
        .iter()
        .flat_map(|policy| &policy.diagnostics)
        .map(|found| found.code.to_string())
        .collect();
    assert_eq!(codes, ["K0654"], "{shown}");
    assert!(shown.contains("silent 1 tells no contributions"), "{shown}");
}
