//! Hostile files for ONNX Runtime, each in a process of its own that may take so much
//! memory and time: what would crash it, or not come back, is refused before it sees it.
//!
//! What is said of each stands in `hostile/outcomes.txt`; `KRITES_BLESS=1` writes it. What
//! ONNX Runtime itself says is left out, since it differs with its versions.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

#[path = "hostile/contrib.rs"]
mod contrib;
#[path = "../../krites-model/tests/families/mod.rs"]
mod families;
#[path = "hostile/functions.rs"]
mod functions;
#[path = "../../krites-model/tests/hostile/graphs.rs"]
mod graphs;
#[path = "hostile/layers.rs"]
mod layers;
#[path = "hostile/loops.rs"]
mod loops;
#[path = "../../krites-model/tests/hostile/nodes.rs"]
mod nodes;
#[path = "hostile/numbers.rs"]
mod numbers;
#[path = "../../krites-model/tests/hostile/wire.rs"]
mod wire;

use std::io::{Read as _, Write as _};
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use krites_model::{
    Call, ElementType, InputTensor, Model as _, ModelError, OnnxModel, OutputTensor, Scratch,
    Signature,
};
use krites_onnxruntime::{LoadError, OnnxRuntimeModel};
use ndarray::Array2;
use support::runtime;

/// A hostile file by name
type Hostile = (String, Vec<u8>);

/// Set where a child is to read a file from standard input
const FILE: &str = "KRITES_HOSTILE_FILE";

/// Time for a file, on a busy machine
const TIME: Duration = Duration::from_secs(10);

/// Begins what is told of a file that ended its process, or did not end
const DEFECT: &str = "defect: ";

/// Bytes of files that are taken over from the tests of krites-model
const SHARED: usize = 400_000;

/// Kilobytes of addresses that a child may have
const ADDRESSES: u64 = 8 << 20;

fn files() -> Vec<Hostile> {
    let all = [
        loops::files(),
        functions::files(),
        numbers::files(),
        layers::files(),
        contrib::files(),
    ];
    let mut files = all.concat();
    assert!(files.len() >= 60, "{}", files.len());
    for more in [wire::files(), graphs::files(), nodes::files()] {
        // The larger ones are refused when they are read; tests of krites-model do that.
        files.extend(more.into_iter().filter(|file| file.1.len() <= SHARED));
    }
    files
}

#[test]
fn hostile_files_are_refused_or_run_and_never_end_the_process() {
    if runtime().is_none() {
        return;
    }
    let files = files();
    let told: Vec<std::sync::OnceLock<String>> = files.iter().map(|_| Default::default()).collect();
    let (next, children) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, bytes)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let at = files.iter().position(|file| &file.0 == name).unwrap();
                    let outcome = screened(bytes).unwrap_or_else(|| {
                        children.fetch_add(1, Ordering::Relaxed);
                        in_a_child(bytes)
                    });
                    told[at].set(outcome).unwrap();
                }
            });
        }
    });
    println!(
        "{} hostile files, {} of them handed to ONNX Runtime",
        files.len(),
        children.into_inner()
    );
    let (mut text, mut defects) = (String::new(), Vec::new());
    for ((name, _), told) in files.iter().zip(&told) {
        let told = told.get().unwrap();
        if told.starts_with(DEFECT) {
            defects.push(format!("{name}: {told}"));
        }
        text.push_str(&format!("{name}\n    {told}\n"));
    }
    assert!(defects.is_empty(), "{}", defects.join("\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/outcomes.txt");
    if std::env::var_os("KRITES_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (told, expected) in text.lines().zip(expected.lines()) {
        assert_eq!(told, expected, "KRITES_BLESS=1 writes what is told");
    }
    assert_eq!(text, expected, "KRITES_BLESS=1 writes what is told");
}

/// What is said of a file before ONNX Runtime sees it; nothing where it is to see it.
fn screened(bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let said = match OnnxModel::parse(bytes) {
        Err(error) => Some(format!("not read: {error}")),
        Ok(parsed) => match parsed.check_hazards() {
            Err(hazard) => Some(format!("hazard: {hazard}; {}", hazard.remedy)),
            Ok(()) => None,
        },
    };
    let took = begun.elapsed();
    assert!(took < TIME, "{said:?} took {took:?}");
    said
}

/// Hands a file to ONNX Runtime in a process of its own.
fn in_a_child(bytes: &[u8]) -> String {
    let limits = format!("ulimit -c 0; ulimit -v {ADDRESSES}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(limits);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--exact", "one_file", "--ignored", "--nocapture"]);
    command.env(FILE, "stdin");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // It reads all of it before it does anything else.
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > TIME {
            child.kill().unwrap();
            child.wait().unwrap();
            return format!("{DEFECT}no end within {TIME:?}");
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let mut said = String::new();
    child.stdout.unwrap().read_to_string(&mut said).unwrap();
    let told = said.lines().find_map(|line| line.strip_prefix("told: "));
    match told {
        Some(told) if status.success() => told.to_owned(),
        _ => format!("{DEFECT}{status}"),
    }
}

#[test]
#[ignore = "is run for one file at a time, in a process of its own"]
fn one_file() {
    if std::env::var_os(FILE).is_none() {
        return;
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    println!("\ntold: {}", told(&bytes));
}

fn told(bytes: &[u8]) -> String {
    let Some(runtime) = runtime() else {
        return "no ONNX Runtime".to_owned();
    };
    let signature = OnnxModel::parse(bytes).unwrap().signature().clone();
    let first_run = Duration::from_secs(1);
    let workers = NonZeroUsize::MIN;
    match OnnxRuntimeModel::load_within(&runtime, bytes, signature, workers, first_run) {
        Err(LoadError::Refused { .. }) => "ONNX Runtime refuses it".to_owned(),
        Err(error) => format!("not loaded: {error}"),
        Ok(model) => match run(&model) {
            Ok(()) => "answers".to_owned(),
            Err(ModelError::Failed { .. }) => "fails when it runs".to_owned(),
            Err(error) => format!("fails when it runs: {error}"),
        },
    }
}

/// Asks for three rows of zeros, ones and minus ones.
fn run(model: &OnnxRuntimeModel) -> Result<(), ModelError> {
    let Signature {
        inputs, outputs, ..
    } = model.signature();
    let cells: usize = inputs.iter().map(|input| input.width).sum();
    if cells > 1 << 16 {
        return Ok(());
    }
    let fill = [0.0, 1.0, -1.0];
    let floats = |width| Array2::from_shape_fn((3, width), |(row, _)| fill[row]);
    let held: Vec<_> = inputs.iter().map(|input| floats(input.width)).collect();
    let narrow: Vec<_> = held.iter().map(|x| x.mapv(|x| x as f32)).collect();
    let whole: Vec<_> = held.iter().map(|x| x.mapv(|x| x as i64)).collect();
    let tested: Vec<_> = held.iter().map(|x| x.mapv(|x| x > 0.0)).collect();
    let texts: Vec<_> = held.iter().map(|x| x.mapv(|_| "a b")).collect();
    let views = inputs
        .iter()
        .enumerate()
        .map(|(at, input)| match input.element {
            ElementType::Float => InputTensor::Float(narrow[at].view()),
            ElementType::Double => InputTensor::Double(held[at].view()),
            ElementType::Integer => InputTensor::Integer(whole[at].view()),
            ElementType::Boolean => InputTensor::Boolean(tested[at].view()),
            ElementType::Text => InputTensor::Text(texts[at].view()),
        });
    let views: Vec<_> = views.collect();
    let specs = outputs.iter();
    let mut answers: Vec<_> = specs.map(|spec| OutputTensor::for_spec(spec, 3)).collect();
    model.run(&mut Call {
        inputs: &views,
        outputs: &mut answers,
        within: Some(Duration::from_secs(1)),
        scratch: &mut Scratch::default(),
    })
}
