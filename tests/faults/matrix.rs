//! Every fault under every handling, on both backends.

use std::collections::BTreeMap;
use std::sync::Arc;

use krites::lang::{EvalErrorKind, FaultKind};
use krites::{
    Date, DecideError, Decider, Decision, Engine, Envelope, FaultCounts, LoadError, ModelFaultKind,
    Release, ReleaseBuilder,
};
use krites_model::Model;
use krites_model::testing::ModelBuilder;
use serde_json::{Value, json};

use crate::faulty::{Faulty, Injected, WORDS, foreign, native};
use crate::handlings::{Comes, Handling, handlings};

/// Long enough for everything but what never ends
const PATIENT: u32 = 60_000;
const HASTY: u32 = 30;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn facts(injected: Option<Injected>) -> Value {
    match injected {
        Some(Injected::Unfed) => json!({ "age": 40 }),
        Some(Injected::Untrained) => json!({ "age": 40, "x": 100 }),
        _ => json!({ "age": 40, "x": 20 }),
    }
}

/// What a case came to
#[derive(Debug, PartialEq, Eq)]
enum Came {
    To {
        outcome: String,
        reasons: Vec<String>,
        tags: Vec<String>,
        decided: Option<String>,
    },
    ToNoOutput,
    ToNoAlways,
}

impl From<Comes> for Came {
    fn from(comes: Comes) -> Came {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match comes {
            Comes::To(outcome, reasons, tags, decided) => Came::To {
                outcome: outcome.to_owned(),
                reasons: all(reasons),
                tags: all(tags),
                decided: decided.map(str::to_owned),
            },
            Comes::ToNoOutput => Came::ToNoOutput,
            Comes::ToNoAlways => Came::ToNoAlways,
        }
    }
}

fn came(decision: &Decision<'_>) -> Came {
    let decided = decision.decided().next();
    Came::To {
        outcome: decision.outcome().to_owned(),
        reasons: decision
            .reasons()
            .map(|owed| owed.code.to_owned())
            .collect(),
        tags: decision.tags().map(str::to_owned).collect(),
        decided: decided.and_then(|(_, value)| value.map(|value| value.to_string())),
    }
}

/// What an error says could not be computed, and how the model failed.
fn undecided(error: &DecideError) -> (Came, ModelFaultKind) {
    let DecideError::Eval(error) = error else {
        panic!("{error}");
    };
    let (came, fault) = match error.kind() {
        EvalErrorKind::Output { fault, .. } => (Came::ToNoOutput, fault),
        EvalErrorKind::Always { fault, .. } => (Came::ToNoAlways, fault),
        other => panic!("{other}"),
    };
    match &fault.kind {
        FaultKind::Model { model, fault } if **model == *"risk" => (came, fault.kind()),
        other => panic!("{other}"),
    }
}

/// What the model was trained on
const CARD: &str = r#"{ "training": { "ranges": { "x": [0, 80] } } }"#;

fn builder(text: String, model: &Arc<Faulty>) -> ReleaseBuilder {
    Release::builder()
        .policy("matrix.krites", text)
        .file("kinds.json", "[\"car\", \"other\"]")
        .file("risk.card.json", CARD)
        .host_model("risk", model.clone(), b"risk")
        .host_model("champion", native(), b"champion")
}

/// One handling on one backend
struct Combined<'h> {
    handling: &'h Handling,
    model: Arc<Faulty>,
    release: Arc<Release>,
    decider: Decider,
}

impl<'h> Combined<'h> {
    fn new(handling: &'h Handling, model: &Arc<Faulty>, within_ms: u32) -> Self {
        let engine = match builder(handling.policy(within_ms), model).build() {
            Ok(release) => Engine::new(release),
            Err(error) => panic!("{}: {error}", handling.name),
        };
        Combined {
            handling,
            model: model.clone(),
            release: engine.deployment().release().clone(),
            decider: engine.decider("matrix").unwrap(),
        }
    }

    fn counts(&self) -> FaultCounts {
        self.release.models()["risk"].fault_counts()
    }

    /// A case without a fault, which counts nothing.
    fn sound(&mut self) {
        let before = self.counts();
        self.model.inject(None);
        let decision = self.decider.decide(day(), &facts(None)).unwrap();
        let name = self.handling.name;
        assert_eq!(came(&decision), self.handling.sound.into(), "{name}");
        assert_eq!(decision.faults().count(), 0, "{name}");
        assert_eq!(self.counts(), before, "{name}");
    }

    /// A case with a fault; returns the canonical bytes of its result. A session that is
    /// to be busy may be free again before the case is decided: then once more.
    fn faulted(&mut self, injected: Injected) -> Option<Vec<u8>> {
        if injected != Injected::Busy || !self.model.is_real() {
            return self.faulted_once(injected, || true).unwrap();
        }
        loop {
            let held = self.model.hold();
            if let Some(canonical) = self.faulted_once(injected, || held.is_busy()) {
                return canonical;
            }
        }
    }

    fn faulted_once(
        &mut self,
        injected: Injected,
        is_met: impl Fn() -> bool,
    ) -> Option<Option<Vec<u8>>> {
        let Handling {
            name,
            sound,
            faulted,
            ..
        } = *self.handling;
        let kind = injected.kind();
        let about = format!("{name}: {injected:?}, {}", self.model.backend());
        let before = self.counts();
        self.model.inject(Some(injected));
        let decided = self.decider.decide(day(), &facts(Some(injected)));
        if !is_met() {
            return None;
        }
        let canonical = match &decided {
            Ok(decision) => {
                assert_eq!(came(decision), faulted.into(), "{about}");
                check_record(self.handling, decision, kind, &about);
                let canonical = decision.canonical();
                let text = String::from_utf8(canonical.clone()).unwrap();
                assert!(!text.contains(WORDS) && !text.contains("0x7f"), "{about}");
                Some(canonical)
            }
            Err(error) => {
                assert_eq!(undecided(error), (faulted.into(), kind), "{about}");
                None
            }
        };
        if !self.handling.is_shadow() {
            assert_ne!(Came::from(sound), faulted.into(), "{about}: swallowed");
        }
        drop(decided);
        let after = self.counts();
        for (counted, count) in after.iter() {
            let more = u64::from(counted == kind);
            assert_eq!(count, before.of(counted) + more, "{about}: {counted:?}");
        }
        assert_eq!(after.total(), before.total() + 1, "{about}");
        Some(canonical)
    }
}

/// The record names the fault, what handled it, and what else is expected of it.
fn check_record(handling: &Handling, decision: &Decision<'_>, kind: ModelFaultKind, about: &str) {
    let failed: Vec<_> = decision.failed_models().collect();
    assert_eq!(failed.len(), 1, "{about}: {failed:?}");
    assert_eq!((failed[0].model, failed[0].kind), ("risk", kind), "{about}");
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    let mut faults = record["faults"].as_array().unwrap().iter();
    let fault = faults.find(|fault| fault["model"] == "risk").unwrap();
    assert_eq!(fault["kind"], kind.name(), "{about}");
    let models = record["models"].as_array().unwrap();
    let outside = |model: &Value| model["outside_training"].clone();
    for model in models {
        let is_it = kind == ModelFaultKind::OutsideTraining && model["name"] == "risk";
        let expected = if is_it { json!(["x"]) } else { Value::Null };
        assert_eq!(outside(model), expected, "{about}");
    }
    let handled_by = match handling.handled_by {
        [] => Value::Null,
        some => json!(some),
    };
    assert_eq!(fault["handled_by"], handled_by, "{about}");
    let speaks = decision.spoken().any(|voice| voice.fault);
    let by_voice = !matches!(handling.handled_by, [] | ["stand-in" | "shadow"]);
    assert_eq!(speaks, by_voice, "{about}");
    if let Some((pointer, expected)) = handling.recorded {
        let found = record.pointer(pointer).map(Value::to_string);
        assert_eq!(found.as_deref(), Some(expected), "{about}: {record}");
    }
}

/// Both backends, where the library is there.
fn backends() -> Vec<Arc<Faulty>> {
    let all = [Some(native()), foreign()];
    all.into_iter().flatten().map(Faulty::new).collect()
}

#[test]
fn every_fault_comes_to_what_its_handling_says_and_is_counted_once() {
    let backends = backends();
    let handlings = handlings();
    let mut run = BTreeMap::new();
    for handling in &handlings {
        let mut results: Vec<Vec<u8>> = Vec::new();
        for model in &backends {
            let mut patient = Combined::new(handling, model, PATIENT);
            let mut hasty = Combined::new(handling, model, HASTY);
            patient.sound();
            for injected in Injected::ALL {
                // Nothing stands in for a distribution, and a rank's model gives none.
                if injected == Injected::NotOne && handling.single {
                    continue;
                }
                let canonical = match injected {
                    Injected::Late => hasty.faulted(injected),
                    _ => patient.faulted(injected),
                };
                results.extend(canonical);
                patient.sound();
                *run.entry(model.backend().to_owned()).or_insert(0) += 1;
            }
        }
        let same = results.windows(2).all(|two| two[0] == two[1]);
        assert!(same, "{}: the same result for all", handling.name);
    }
    for (backend, combinations) in &run {
        println!("{backend}: {combinations} faults under handlings");
    }
    let expected: i32 = handlings.iter().map(|one| 12 - i32::from(one.single)).sum();
    assert!(run.values().all(|combinations| *combinations == expected));
}

/// What a release is refused for, on the model's account.
fn refused(built: Result<Release, LoadError>) -> String {
    match built {
        Ok(_) => panic!("a model that cannot be loaded"),
        Err(error) => match error.kind() {
            krites::LoadErrorKind::Policies { errors } => {
                let mut all = errors.iter().flat_map(|policy| &policy.diagnostics);
                let found = all.find(|found| found.headline.contains("`risk`"));
                found.map(|found| found.headline.clone()).unwrap()
            }
            other => panic!("{other}"),
        },
    }
}

#[test]
fn a_model_that_cannot_be_loaded_refuses_the_release_whatever_handles_its_faults() {
    let unknown = ModelBuilder::new()
        .input("x", krites_model::ElementType::Float, &[-1, 1])
        .output("p", krites_model::ElementType::Float, &[-1, 1])
        .node("Unheard", &["x"], &["p"], &[])
        .build();
    let model = Faulty::new(native());
    for handling in handlings() {
        let text = handling.policy(PATIENT);
        let engine = Engine::new(builder(text, &model).build().unwrap());
        let before = engine.deployment().release().fingerprint();
        for bytes in [b"no graph".to_vec(), unknown.clone()] {
            let next = engine.deployment().release().derive();
            refused(next.model("risk", bytes).build());
        }
        // Nothing was published: the engine goes on with what it had.
        let mut decider = engine.decider("matrix").unwrap();
        let decision = decider.decide(day(), &facts(None)).unwrap();
        assert_eq!(came(&decision), handling.sound.into(), "{}", handling.name);
        assert_eq!(decision.release().fingerprint(), before);
    }
}
