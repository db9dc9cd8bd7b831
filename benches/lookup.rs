//! Answers of a lookup of two million keys: how long one takes, over all keys in random
//! order, and over a thousand of them, whose rows stay in the processor's caches; how
//! long the file takes to load, and how much memory a key.
//!
//! `cargo bench --bench lookup`. A decision sums the answers for ten thousand keys,
//! which are bound before the clock starts; each sum is checked against what the file
//! was made of. What is asked of memory and of loading is asserted.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use krites::Release;
use krites::lang::{Data, DataAlone, Date, Frame, Id as _, KeyTable, ListId, OutputId, Program};

/// Keys that a decision looks up
const ASKED: u64 = 10_000;
/// Decisions, each with keys of its own, so that they are in no cache
const DECISIONS: u64 = 64;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    // As a test, a small file is enough.
    let test = std::env::args().any(|argument| argument == "--test");
    let n_keys = if test { 20_000 } else { 2_000_000 };
    let mut lookup = |name: &str, ty: &str, one_in: u64, written: fn(u64) -> String| {
        measure(&mut criterion, name, ty, (n_keys, one_in), written);
    };
    lookup("whole_keys", "integer", 1, |key| {
        (spread(key) >> 20).to_string()
    });
    lookup("text_keys", "text", 1, text_key);
    lookup("text_keys_half_of_them_missing", "text", 2, text_key);
    criterion.final_summary();
}

/// A number that tells nothing of its neighbours (the finalizer of MurmurHash3)
fn spread(key: u64) -> u64 {
    let mut hash = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// A text of 8 to 20 letters and digits
fn text_key(key: u64) -> String {
    let mut text = format!("{key:08}");
    let more = usize::try_from(spread(key) % 13).unwrap();
    text.push_str(&"ABCDEFGHIJKLM"[..more]);
    text
}

/// What the row of a key gives, in hundredths
fn cap(key: u64) -> u64 {
    spread(key) % 10_000_000
}

/// What stands in where there is no row, in hundredths
const WITHOUT_ROW: u64 = 7;

fn policy(key: &str) -> String {
    format!(
        "policy limits {{ version \"1\" }}\nenum Outcome {{ approve < refer }}\n\
         lookup limits from \"limits.csv\" key code : {key} -> class : integer, cap : money(GBP), note : text?\n\
         input {{ codes : list of {key} }}\n\
         define {{ total : money(GBP) = sum of (limits(each).cap if none 0.07) over codes }}\n\
         decide outcome : Outcome most severe {{ rule large when total > 0 then refer; rule rest otherwise then approve }}\n\
         output {{ total : money(GBP) = total }}\n"
    )
}

/// A file of `n_keys` keys; of `one_in` keys that are asked for one has a row.
fn measure(
    criterion: &mut Criterion,
    name: &str,
    ty: &str,
    (n_keys, one_in): (u64, u64),
    written: impl Fn(u64) -> String,
) {
    let mut file = String::from("code,class,cap,note\n");
    for row in 0..n_keys {
        let (key, cap) = (row * one_in, cap(row * one_in));
        let (class, pounds, pence) = (key % 100, cap / 100, cap % 100);
        let note = if key.is_multiple_of(64) {
            "see the limits of branches"
        } else {
            ""
        };
        writeln!(file, "{},{class},{pounds}.{pence:02},{note}", written(key)).unwrap();
    }
    let release = Release::builder()
        .policy("limits.krites", policy(ty))
        .file("limits.csv", "code,class,cap,note\n")
        .build()
        .unwrap();
    let program = release.policy("limits").unwrap().part().program();
    let declared = &program.policy().lookups.iter().next().unwrap().file;
    let mut table = None;
    let begun = Instant::now();
    let memory = allocation_counter::measure(|| {
        table = Some(KeyTable::load(declared, file.as_bytes()).unwrap());
    });
    let taken = begun.elapsed();
    let table = Arc::new(table.unwrap());
    let bytes = memory.bytes_current as f64 / n_keys as f64;
    let most = memory.bytes_max as f64 / n_keys as f64;
    println!(
        "lookup/{name}: {} MiB with {} keys loaded in {:.2} s; {bytes:.1} bytes a key, {most:.1} while loading",
        file.len() >> 20,
        table.len(),
        taken.as_secs_f64()
    );
    assert_eq!(table.len() as u64, n_keys);
    assert!(bytes < 100.0, "{bytes} bytes a key");
    assert!(taken < Duration::from_secs(5), "loaded in {taken:?}");
    drop(file);
    let data = Data::of(program.policy(), |_| Some(table.clone()));

    let keys = Keys {
        ty,
        one_in,
        written,
    };
    for (of, which) in [(n_keys * one_in, "all"), (1_000, "a_thousand")] {
        let mut frames: Vec<(Frame, u64)> = (0..DECISIONS)
            .map(|decision| keys.bound(program, decision, of))
            .collect();
        let mut next = (0..frames.len()).cycle();
        let mut quickest = Duration::MAX;
        let mut group = criterion.benchmark_group("lookup");
        group.throughput(Throughput::Elements(ASKED));
        group.bench_function(format!("{name}/{which}"), |bench| {
            bench.iter_custom(|times| {
                let mut taken = Duration::ZERO;
                for _ in 0..times {
                    let at = next.next().unwrap();
                    let (frame, expected) = &mut frames[at];
                    let begun = Instant::now();
                    program.decide(frame, &mut DataAlone(&data)).unwrap();
                    let one = begun.elapsed();
                    taken += one;
                    quickest = quickest.min(one);
                    let total = program.output(frame, OutputId::new(0)).unwrap();
                    assert_eq!(
                        total.to_string().parse::<f64>().unwrap() * 100.0,
                        *expected as f64
                    );
                    *frame = keys.bound(program, u64::try_from(at).unwrap(), of).0;
                }
                taken
            });
        });
        group.finish();
        println!(
            "lookup/{name}/{which}: {} ns an answer in the quickest decision",
            quickest.as_nanos() / u128::from(ASKED)
        );
    }
}

/// The keys that a file is made of
struct Keys<'k, W> {
    ty: &'k str,
    one_in: u64,
    written: W,
}

impl<W: Fn(u64) -> String> Keys<'_, W> {
    /// A frame with ten thousand keys at random, of so many, and what their answers sum
    /// up to.
    fn bound(&self, program: &Program, decision: u64, of: u64) -> (Frame, u64) {
        let mut frame = program.frame();
        program.begin(&mut frame, Date::new(2026, 11, 22).unwrap());
        let list = ListId::new(0);
        program.begin_list(&mut frame, list).unwrap();
        let field = program.field(list, 0).unwrap();
        let mut expected = 0;
        for asked in 0..ASKED {
            let key = spread(decision * ASKED + asked) % of;
            program.begin_element(&mut frame).unwrap();
            let text = (self.written)(key);
            match self.ty {
                "text" => program.set_text(&mut frame, field, &text).unwrap(),
                _ => program.set_number_text(&mut frame, field, &text).unwrap(),
            }
            program.end_element(&mut frame).unwrap();
            expected += match key.is_multiple_of(self.one_in) {
                true => cap(key),
                false => WITHOUT_ROW,
            };
        }
        program.end_list(&mut frame).unwrap();
        program.finish_inputs(&mut frame).unwrap();
        (frame, expected)
    }
}
