//! What a model costs before its first answer, and what two threads give.

use std::io::Read as _;
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::time::Instant;

use krites_model::{NativeModel, OnnxModel};
use krites_onnxruntime::{OnnxRuntime, OnnxRuntimeModel};

use super::made::Made;

/// How often a process loads a model, of which the least time is taken, where
/// that takes no second; as a test, once
const LOADS: usize = 20;

/// Prints for each model how long it takes to load and what memory it then
/// keeps, native and in ONNX Runtime: each in a process of its own, whose
/// resident memory is compared before and after.
pub(crate) fn loads(models: &[Made], with_runtime: bool, test: bool) {
    println!(
        "\n| model | file | native: loads in | keeps | resident | ONNX Runtime: loads in | resident |\n\
         |---|---|---|---|---|---|---|"
    );
    for (idx, made) in models.iter().enumerate() {
        let native = in_a_process("native", idx, test);
        let kilobytes = made.bytes.len() as f64 / 1e3;
        let [took, kept, resident] = native;
        print!(
            "| {} | {kilobytes:.0} kB | {took:.0} µs | {kept:.0} kB | {resident:.0} kB |",
            made.name
        );
        match with_runtime.then(|| in_a_process("onnxruntime", idx, test)) {
            Some([took, _, resident]) => println!(" {took:.0} µs | {resident:.0} kB |"),
            None => println!(" – | – |"),
        }
    }
}

fn in_a_process(backend: &str, idx: usize, test: bool) -> [f64; 3] {
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program)
        .args(["load", backend, &idx.to_string()])
        .args(test.then_some("--test"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{backend} {idx}");
    let numbers: Vec<f64> = said.split(' ').map(|x| x.trim().parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// Loads a model in this process and says the least time in microseconds, the
/// bytes that the first load kept and the growth of resident memory, in
/// thousands. Another model is loaded before, so that what the library itself
/// needs is there.
pub(crate) fn load(made: &Made, first: &Made, runtime: Option<&OnnxRuntime>, test: bool) {
    let one = |bytes: &[u8]| -> Box<dyn Send> {
        let parsed = OnnxModel::parse(bytes).unwrap();
        match runtime {
            None => Box::new(NativeModel::from_onnx(&parsed).unwrap()),
            Some(runtime) => {
                let signature = parsed.signature().clone();
                let model = OnnxRuntimeModel::load(runtime, bytes, signature, NonZeroUsize::MIN);
                Box::new(model.unwrap())
            }
        }
    };
    let other = one(&first.bytes);
    let before = resident();
    let mut kept = None;
    let allocated = allocation_counter::measure(|| kept = Some(one(&made.bytes)));
    let grown = resident() - before;
    let mut least = f64::INFINITY;
    let all = Instant::now();
    for _ in 0..LOADS {
        let begun = Instant::now();
        let model = one(&made.bytes);
        least = least.min(begun.elapsed().as_secs_f64() * 1e6);
        drop(model);
        if test || all.elapsed().as_secs() > 0 {
            break;
        }
    }
    println!("{least} {} {grown}", allocated.bytes_current as f64 / 1e3);
    drop((kept, other));
}

/// Returns the resident memory of this process in thousands of bytes, 0 where
/// the system does not tell it.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1.024
}
