//! Instructions a decision, counted by callgrind (valgrind), which other work on the
//! machine does not change, and held against those of `instructions.txt`.
//!
//! Each work runs in a process of its own, in which only [`counted`] counts.

use std::path::PathBuf;
use std::process::Command;

use super::support::CASES;

/// What is counted
const COUNTED: [(&str, &str); 8] = [
    ("eligibility", "derived"),
    ("eligibility", "JSON"),
    ("scorecard", "derived"),
    ("scorecard", "JSON"),
    ("rules", "derived"),
    ("rules", "JSON"),
    ("table-1000", "derived"),
    ("table-1000", "JSON"),
];

/// Says to a process which facts it is to decide, and that it is to count
const FACTS: &str = "KRITES_COUNTED";

/// Growth that fails, as a part of what was
const GROWTH: f64 = 0.05;

/// Which facts this process is to decide, where it counts
pub(crate) fn facts() -> Option<String> {
    std::env::var(FACTS).ok()
}

/// Decides each case once; callgrind counts in here alone.
#[inline(never)]
pub(crate) fn counted(decide: &mut dyn FnMut(usize)) {
    for case in 0..CASES {
        decide(case);
    }
}

/// Counts all, and exits with an error where a count has grown; writes them instead
/// where `KRITES_BLESS` is set.
pub(crate) fn hold() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/workloads/instructions.txt");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = text.lines();
    let compiler = compiler();
    let comparable = lines.next() == Some(compiler.as_str());
    let before: Vec<(&str, f64)> = lines.filter_map(read).collect();
    let mut counts = compiler + "\n";
    let mut grown = Vec::new();
    println!("| work | facts | instructions | before | change |");
    println!("|---|---|---|---|---|");
    for (work, facts) in COUNTED {
        let Some(count) = count(work, facts) else {
            println!("skipped: no instructions are counted, for valgrind is not installed");
            return;
        };
        let name = format!("{work} {facts}");
        let known = before.iter().find(|(known, _)| *known == name);
        let known = known.map(|(_, known)| *known);
        let change = known.map_or(f64::INFINITY, |known| count / known - 1.0);
        let was = known.map_or_else(|| "–".to_owned(), |known| format!("{known:.0}"));
        let percent = change * 100.0;
        println!("| {work} | {facts} | {count:.0} | {was} | {percent:+.1} % |");
        counts += &format!("{name} {count:.0}\n");
        if change > GROWTH {
            grown.push(name);
        }
    }
    if std::env::var_os("KRITES_BLESS").is_some() {
        std::fs::write(&path, counts).unwrap();
    } else if !comparable {
        println!(
            "skipped: another compiler, or another kind of processor, made the counts before: write them with KRITES_BLESS=1"
        );
    } else if !grown.is_empty() {
        eprintln!(
            "more than {:.0} % more instructions: {}. Where that is meant, write the counts with KRITES_BLESS=1 \
             and give the reason in the commit.",
            GROWTH * 100.0,
            grown.join(", ")
        );
        std::process::exit(1);
    }
}

fn read(line: &str) -> Option<(&str, f64)> {
    let (name, count) = line.rsplit_once(' ')?;
    Some((name, count.parse().ok()?))
}

/// The compiler, and what it compiles for
fn compiler() -> String {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    format!("{} {}", version.trim(), std::env::consts::ARCH)
}

/// Instructions a decision; `None` where there is no valgrind
fn count(work: &str, facts: &str) -> Option<f64> {
    let counting = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*instructions*counted*")
        .arg(std::env::current_exe().unwrap())
        .arg(work)
        .env(FACTS, facts)
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&counting.stderr).into_owned();
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    let Some((_, collected)) = collected.filter(|_| counting.status.success()) else {
        panic!("callgrind failed for {work} {facts}: {said}");
    };
    let all: f64 = collected.trim().parse().unwrap();
    Some(all / CASES as f64)
}
