//! Each limit of the page: what is at it passes, one more is its own error.
//! Everything runs on a small stack, so that what is allowed exhausts none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::fmt::Write as _;

use krites_lang::{
    Answer, Answered, Answers, MAX_GRID_CELLS, MAX_GRID_HEAD, MAX_GRID_VALUES, MAX_MODULES,
    ModelCall, Program, Sources, source_from_bytes,
};
use support::{checked, rendered};

const HEAD: &str = "policy p { version \"1\" }\nenum O { a < b }\n";
const DECIDE: &str = "decide o : O most severe { rule rest otherwise then a }\n";
/// Three quarters of what a thread has, so that growth shows before it hurts
const STACK: usize = 3 << 19;

/// Models that answer 1
struct AlwaysOne;

impl Answers for AlwaysOne {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        call.answers.fill(Answer::Float(1.0));
        Answered::Given
    }
}

/// Reads, checks, compiles and tests a policy; returns the codes of its mistakes.
fn codes(text: String) -> Vec<String> {
    let work = move || {
        let (sources, policy, diagnostics) = checked("policy", &text);
        if let Some(policy) = policy {
            let reports = Program::compile(policy).run_tests(&mut AlwaysOne);
            for report in reports {
                assert!(report.failures.is_empty(), "{}", report.failures[0]);
            }
        }
        let first = diagnostics.get(..1).unwrap_or_default();
        println!("{}", rendered(&sources, first));
        let mut codes: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.to_string())
            .collect();
        codes.dedup();
        codes
    };
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(work).unwrap().join().unwrap()
}

/// Holds that `n` of something are right, and that one more is the mistake `code`.
fn at_most(n: usize, code: &str, text: impl Fn(usize) -> String) {
    assert_eq!(codes(text(n)), Vec::<String>::new(), "at the limit");
    assert_eq!(codes(text(n + 1)), [code], "one more");
}

fn whole(items: &str) -> String {
    format!("{HEAD}{items}{DECIDE}")
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

#[test]
fn a_file_has_8_mib() {
    let text = |bytes: usize| {
        let mut text = whole("");
        while text.len() < bytes {
            let line = (bytes - text.len()).min(1_000);
            text.push_str(&"#".repeat(line - 1));
            text.push('\n');
        }
        text
    };
    at_most(8 << 20, "K0001", text);
    let refused = |bytes: usize| {
        let read = source_from_bytes(&mut Sources::default(), "p", text(bytes).into_bytes());
        read.err().map(|(_, found)| found.code.to_string())
    };
    assert_eq!(refused(8 << 20), None);
    assert_eq!(refused((8 << 20) + 1).as_deref(), Some("K0001"));
}

#[test]
fn a_line_has_64_kib_without_its_end() {
    for end in ["\n", "\r\n", ""] {
        at_most(64 << 10, "K0004", |bytes| {
            format!("{}#{}{end}", whole(""), "x".repeat(bytes - 1))
        });
    }
}

#[test]
fn brackets_nest_64_deep_with_their_block() {
    at_most(64, "K0006", |depth| {
        let (open, close) = ("(".repeat(depth - 1), ")".repeat(depth - 1));
        let test = "test \"t\" { expect x = 1 }\n";
        whole(&format!("define {{ x = {open}1{close} }}\n{test}"))
    });
}

#[test]
fn an_entry_has_1_mib() {
    at_most(1 << 20, "K0010", |bytes| {
        let entry = "x = 1";
        let more = bytes - entry.len();
        let terms = "\n + 1".repeat(more / 5);
        let blanks = " ".repeat(more % 5);
        whole(&format!("define {{ {}{blanks}{}{terms} }}\n", "x =", " 1"))
    });
}

#[test]
fn a_file_has_a_million_items_and_entries() {
    // What stands in an item that is none is counted, and not read.
    let own = 3 * 2 + 1;
    let found = |count: usize| {
        let entries = "a\n".repeat(count - own);
        codes(whole(&format!("unheard_of {{\n{entries}}}\n")))
    };
    assert_eq!(found(1_000_000), ["K0130"]);
    assert_eq!(found(1_000_001), ["K0008"]);
}

#[test]
fn a_policy_uses_a_thousand_files() {
    let reasons = |count: usize| {
        let rules = lines(count, |at| {
            format!("    rule r{at} when x > {at} then b because R{at}")
        });
        format!(
            "input {{ x : integer }}\ndecide o : O most severe {{\n{rules}    rule rest otherwise then a\n}}\n"
        )
    };
    at_most(MAX_MODULES, "K0228", |count| {
        let uses = lines(count, |at| format!("use R{at} from \"{at}.krites\""));
        let files = lines(count, |at| {
            format!("# module {at}.krites\nreason R{at} \"because\"")
        });
        format!("{HEAD}{uses}{}{files}", reasons(count))
    });
    // One by way of the other
    at_most(MAX_MODULES, "K0228", |count| {
        let files = lines(count, |at| {
            let next = at + 1;
            let enums = format!("# module {at}.krites\nenum E{at} {{ a, b }}");
            if next == count {
                return enums;
            }
            format!(
                "{enums}\nuse E{next} from \"{next}.krites\"\nfunction f(x : E{next}) : integer = 1"
            )
        });
        let uses = "use E0 from \"0.krites\"\ninput { e : E0 }\n";
        format!("{HEAD}{uses}{DECIDE}{files}")
    });
}

#[test]
fn a_series_has_a_thousand_elements_and_a_policy_100_000_inputs() {
    at_most(1_000, "K0341", |count| {
        whole(&format!("input {{ x[3 to {}] : integer }}\n", count + 2))
    });
    at_most(100_000, "K0215", |count| {
        let series = lines(99, |at| format!("    s{at}[1 to 1000] : integer"));
        let records = lines(99, |at| format!("    r{at} : R"));
        let fields = lines(10, |at| format!("    f{at} : integer"));
        let rest = lines(count - 99_000 - 990, |at| format!("    x{at} : integer"));
        whole(&format!(
            "record R {{\n{fields}}}\ninput {{\n{series}{records}{rest}}}\n"
        ))
    });
}

#[test]
fn records_lie_16_deep_within_each_other() {
    at_most(16, "K0216", |count| {
        let records = lines(count - 1, |at| {
            format!("record R{at} {{ r : R{} }}", at + 1)
        });
        whole(&format!(
            "{records}record R{} {{ x : integer }}\ninput {{ r : R0 }}\n",
            count - 1
        ))
    });
}

/// What each of many values is computed from, and the first of them
fn tested(items: &str, given: &str, expected: &str) -> String {
    whole(&format!(
        "input {{ x : integer }}\n{items}test \"t\" {{ given with {given}; expect {expected} }}\n"
    ))
}

#[test]
fn values_rest_on_each_other_300_deep() {
    // A name is one deep, a sum of names another one.
    at_most(300, "K0211", |count| {
        let chain = lines(count - 1, |at| format!("    d{at} = d{}", at + 1));
        let chain = format!("define {{\n{chain}    d{} = x\n}}\n", count - 1);
        tested(&chain, "x = 7", "d0 = 7")
    });
    at_most(150, "K0211", |count| {
        let chain = lines(count - 1, |at| format!("    d{at} = d{} + 1", at + 1));
        let chain = format!("define {{\n{chain}    d{} = x + 1\n}}\n", count - 1);
        tested(&chain, "x = 0", &format!("d0 = {count}"))
    });
    at_most(300, "K0211", |count| {
        let table = |at: usize, from: &str| {
            format!(
                "table t{at} first match -> y : integer {{\n| {from} | y |\n|--|--|\n| any | {from} |\n}}"
            )
        };
        let chain = lines(count - 1, |at| table(at, &format!("t{}.y", at + 1)));
        let last = table(count - 1, "x");
        tested(&format!("{chain}{last}\n"), "x = 7", "t0.y = 7")
    });
}

#[test]
fn functions_rest_on_each_other_300_deep() {
    // A call is one deep, its argument another one.
    at_most(150, "K0211", |count| {
        let chain = lines(count - 2, |at| {
            format!("function f{at}(n : integer) : integer = f{}(n)", at + 1)
        });
        let last = format!("function f{}(n : integer) : integer = n + 1\n", count - 2);
        tested(
            &format!("{chain}{last}define {{ y = f0(x) }}\n"),
            "x = 7",
            "y = 8",
        )
    });
}

#[test]
fn models_rest_on_each_other_300_deep() {
    at_most(300, "K0211", |count| {
        let model = |at: usize, from: &str| {
            format!(
                "model m{at} from \"m.onnx\" {{\n    feed {{ x = {from} }}\n    give y : decimal = y\n    on fault a\n}}"
            )
        };
        let chain = lines(count - 1, |at| model(at, &format!("m{}.y", at + 1)));
        let last = model(count - 1, "x");
        format!(
            "# model m.onnx: x float -> y float\n{}",
            tested(&format!("{chain}{last}\n"), "x = 7", "m0.y = 1")
        )
    });
}

#[test]
fn a_pattern_has_1_000_bytes_and_a_named_list_10_000_values() {
    let matches = |items: &str, condition: &str| {
        whole(&format!(
            "{items}input {{ t : text }}\ndefine {{ x = {condition} }}\ntest \"t\" {{ given with t = \"a\"; expect x = false }}\n"
        ))
    };
    at_most(1_000, "K0362", |bytes| {
        matches("", &format!("t matches \"{}\"", "x".repeat(bytes)))
    });
    at_most(10_000, "K0365", |count| {
        let values = (0..count).map(|number| format!("w{number}"));
        let values = values.collect::<Vec<_>>().join(",\n    ");
        matches(&format!("list words = {values}\n"), "t in list words")
    });
}

#[test]
fn a_calibration_has_10_000_points() {
    at_most(10_000, "K0463", |count| {
        let points = lines(count, |at| format!("{at} : {at}"));
        whole(&format!(
            "input {{ x : decimal }}\ncalibration c of x : decimal linear {{\n{points}}}\ntest \"t\" {{ given with x = 7.25; expect c = 7.25 }}\n"
        ))
    });
}

#[test]
fn four_roundings_and_powers_lie_behind_one_value() {
    at_most(4, "K0006", |count| {
        let rounded = " rounded to 2 digits".repeat(count);
        whole(&format!(
            "input {{ a : decimal }}\ndefine {{ x = a{rounded} }}\ntest \"t\" {{ given with a = 1.005; expect x = 1 }}\n"
        ))
    });
}

/// A grid over two integers: 1 in each cell, all other outputs left out.
fn grid(rows: usize, columns: usize, outputs: usize, head: &str) -> String {
    let mut text = "grid g by n, m -> x : integer".to_owned();
    for number in 1..outputs {
        write!(text, ", y{number} : integer?").unwrap();
    }
    text.push_str(" {\n    | |");
    for column in 0..columns {
        write!(text, " {column} |").unwrap();
    }
    writeln!(text, "\n    | {head} |{}", " 1 |".repeat(columns)).unwrap();
    for row in 1..rows {
        writeln!(text, "    | {row} |{}", " 1 |".repeat(columns)).unwrap();
    }
    whole(&format!("input {{ n : integer; m : integer }}\n{text}}}\n"))
}

#[test]
fn a_grid_has_100_000_cells() {
    let columns = 100;
    at_most(MAX_GRID_CELLS / columns, "K0417", |rows| {
        grid(rows, columns, 1, "0")
    });
}

#[test]
fn the_cells_of_a_grid_have_a_million_values() {
    at_most(MAX_GRID_VALUES / 1_000, "K0417", |outputs| {
        grid(10, 100, outputs, "0")
    });
}

#[test]
fn the_head_of_a_grid_has_500_bytes() {
    at_most(MAX_GRID_HEAD, "K0417", |bytes| {
        let first = "x".repeat(bytes - 2);
        let text =
            "input { t : text; m : integer }\ngrid g by t, m -> x : integer {\n    | | 1 |\n";
        whole(&format!("{text}    | \"{first}\" | 1 |\n}}\n"))
    });
}
