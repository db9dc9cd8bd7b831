//! Big policies are read, checked and compiled on a thread's usual stack. Work
//! that grows with the square of a size would not end here within a test's
//! patience; nothing is held against a clock.
//!
//! `cargo test -p krites-lang --release --test big -- --nocapture` prints the times.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::fmt::Write as _;
use std::time::Instant;

use krites_lang::{Program, Sources, check, parse};
use support::{StubModels, rendered};

const HEAD: &str = "\
policy big \"Big\" { version \"1\"; on fault refer because M00 }
reason M00 \"Fault\"
enum Outcome { approve < refer < decline }
";
const DECIDE: &str = "decide outcome : Outcome most severe { rule rest otherwise then approve }\n";

/// Reads, checks and compiles a policy on a thread's usual stack, and holds its
/// diagnostics' codes against what is expected.
fn time(what: &str, text: String, codes: &[&str]) {
    let lines = text.lines().count();
    let read = std::thread::Builder::new().stack_size(2 << 20);
    let (parsed, whole, compiled, found, shown) = read
        .spawn(move || {
            let mut sources = Sources::default();
            let source = sources.add("big.krites", text.as_str());
            let mut diagnostics = Vec::new();
            let start = Instant::now();
            let file = parse(&sources, source, &mut diagnostics);
            let parsed = start.elapsed();
            let policy = check(&file, &StubModels::of(&text), &mut diagnostics);
            let whole = start.elapsed();
            let program = policy.map(Program::compile);
            let compiled = start.elapsed();
            drop(program);
            let mut found: Vec<String> = diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code.to_string())
                .collect();
            found.sort();
            found.dedup();
            let shown = rendered(&sources, diagnostics.get(..3).unwrap_or(&diagnostics));
            (parsed, whole, compiled, found, shown)
        })
        .unwrap()
        .join()
        .unwrap();
    println!(
        "{what}: {lines} lines, parse {parsed:.1?}, check {:.1?}, compile {:.1?}",
        whole - parsed,
        compiled - whole
    );
    assert_eq!(found, codes, "{what}\n{shown}");
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

#[test]
fn chains_of_definitions() {
    let backward = |count: usize, ty: &str| {
        let chain = lines(count, |number| {
            format!("    d{number}{ty} = d{} + 1", number + 1)
        });
        format!(
            "{HEAD}{DECIDE}input {{ x : integer }}\ndefine {{\n{chain}    d{count}{ty} = x\n}}\n"
        )
    };
    time(
        "20,000 definitions in a reverse chain",
        backward(20_000, ""),
        &["K0211"],
    );
    time(
        "the same with types",
        backward(20_000, " : integer"),
        &["K0211"],
    );
    let cycle = lines(20_000, |number| {
        format!("    d{number} = d{} + 1", (number + 1) % 20_000)
    });
    time(
        "20,000 definitions in a ring",
        format!("{HEAD}{DECIDE}define {{\n{cycle}}}\n"),
        &["K0207"],
    );
    let to_first = lines(20_000, |number| {
        format!("    d{number} = d{} + d0", number + 1)
    });
    time(
        "20,000 definitions in as many rings",
        format!("{HEAD}{DECIDE}define {{\n{to_first}    d20000 = 1\n}}\n"),
        &["K0207"],
    );
    let apart = lines(20_000, |number| {
        format!("    d{number} : integer = x + {number}")
    });
    time(
        "20,000 definitions",
        format!("{HEAD}{DECIDE}input {{ x : integer }}\ndefine {{\n{apart}}}\n"),
        &[],
    );
}

#[test]
fn rules() {
    let reasons = lines(5_000, |number| format!("reason R{number} \"Why\""));
    let rules = lines(20_000, |number| {
        format!(
            "    rule r{number} when x > {number} then refer because R{}",
            number % 5_000
        )
    });
    let decide =
        "decide outcome : Outcome most severe { evaluate s; rule rest otherwise then approve }\n";
    time(
        "20,000 rules and 5,000 reasons",
        format!("{HEAD}{reasons}input {{ x : integer }}\nrules s all {{\n{rules}}}\n{decide}"),
        &[],
    );
    let sets = lines(5_000, |number| {
        format!("rules s{number} all {{ rule r when x > {number} then refer }}")
    });
    let evaluate = lines(5_000, |number| format!("    evaluate s{number}"));
    time(
        "5,000 sets of rules",
        format!(
            "{HEAD}input {{ x : integer }}\n{sets}decide outcome : Outcome most severe {{\n{evaluate}    rule rest otherwise then approve\n}}\n"
        ),
        &[],
    );
    let own = lines(4_000, |number| {
        format!("    rule r{number} when x > {number} and y < {number} then refer because M00")
    });
    time(
        "a policy of 5,000 lines",
        format!(
            "{HEAD}input {{\n{}    x : integer\n    y : integer }}\nrules s all {{\n{own}}}\n{decide}",
            lines(990, |number| format!(
                "    i{number} : money(EUR) in 0 and above"
            ))
        ),
        &[],
    );
    let conditions = vec!["x > 1"; 15_000].join("\n and ");
    time(
        "a condition of 15,000 parts",
        format!(
            "{HEAD}input {{ x : integer }}\nrules s all {{ rule r when {conditions} then refer }}\n{decide}"
        ),
        &[],
    );
    let present: Vec<String> = (0..5_000)
        .map(|number| format!("i{number} is present"))
        .collect();
    let asked: Vec<String> = (0..5_000).map(|number| format!("i{number} > 1")).collect();
    time(
        "5,000 inputs known to be there",
        format!(
            "{HEAD}input {{\n{}}}\nrules s all {{ rule r when {} and {} then refer }}\n{decide}",
            lines(5_000, |number| format!("    i{number} : integer?")),
            present.join("\n and "),
            asked.join("\n and ")
        ),
        &[],
    );
}

#[test]
fn tables() {
    let mut rows = String::new();
    for row in 0..50_000 {
        writeln!(
            rows,
            "    | r{row} | {row} to below {} | not a, b | R{} | {}.5% | decline |",
            row + 1,
            row % 100,
            row % 100
        )
        .unwrap();
    }
    let reasons = lines(100, |number| format!("reason R{number} \"Why\""));
    let decide =
        "decide outcome : Outcome most severe { evaluate t.v; rule rest otherwise then approve }\n";
    time(
        "50,000 rows of 6 columns",
        format!(
            "{HEAD}{reasons}enum Kind {{ a, b, c }}\ninput {{ x : integer; k : Kind }}\ntable t first match -> v : Outcome?, because, m : percent {{\n    | id | x | k | because | m | v |\n    |--|--|--|--|--|--|\n{rows}}}\n{decide}"
        ),
        &[],
    );
    let tables = lines(2_000, |number| {
        format!(
            "table t{number} first match -> m : integer {{\n    | x + {number} | x | m |\n    |--|--|--|\n    | below 3 | 5 | {number} |\n    | any | any | t{}.m |\n}}",
            number / 2 + 2_000
        )
    });
    time(
        "2,000 tables",
        format!(
            "{HEAD}{DECIDE}input {{ x : integer }}\n{}{tables}",
            lines(1_000, |number| format!(
                "table t{} first match -> m : integer {{\n    | x | m |\n    |--|--|\n    | any | 1 |\n}}",
                number + 2_000
            ))
        ),
        &[],
    );
    let wide: Vec<String> = (0..500).map(|number| format!("i{number}")).collect();
    let outputs: Vec<String> = (0..500)
        .map(|number| format!("o{number} : integer"))
        .collect();
    let names: Vec<String> = (0..500).map(|number| format!("o{number}")).collect();
    let row = format!(
        "    | {} | {} |\n",
        vec!["1"; 500].join(" | "),
        vec!["1"; 500].join(" | ")
    );
    time(
        "a table of 1,000 columns",
        format!(
            "{HEAD}{DECIDE}input {{\n{}}}\ntable t first match -> {} {{\n    | {} | {} |\n    |{}\n{}}}\n",
            lines(500, |number| format!("    i{number} : integer")),
            outputs.join(", "),
            wide.join(" | "),
            names.join(" | "),
            "--|".repeat(1_000),
            row.repeat(50)
        ),
        &[],
    );
}

#[test]
fn names() {
    let decide =
        "decide outcome : Outcome most severe { evaluate s; rule rest otherwise then approve }\n";
    let records = lines(9, |number| {
        let fields: Vec<String> = (0..10).map(|at| format!("f{at} : R{number}")).collect();
        format!("record R{} {{ {} }}", number + 1, fields.join("; "))
    });
    time(
        "records that stand for a milliard of inputs",
        format!("{HEAD}{DECIDE}record R0 {{ x : integer }}\n{records}input {{ r : R9 }}\n"),
        &["K0215"],
    );
    let inputs = lines(5_000, |number| {
        format!(
            "    group{}.i{number} : money(EUR) in 0 and above",
            number % 50
        )
    });
    let given = lines(5_000, |number| {
        format!("    group{}.i{number} = 5", number % 50)
    });
    time(
        "5,000 inputs and a test of them",
        format!(
            "{HEAD}{DECIDE}input {{\n{inputs}}}\nexample all {{\n{given}}}\ntest \"all\" {{\n    given all\n    expect outcome = approve\n}}\n"
        ),
        &[],
    );
    let labels: Vec<String> = (0..10_000).map(|number| format!("l{number}")).collect();
    let rows = lines(10_000, |number| format!("    | l{number} | {number} |"));
    time(
        "an enum of 10,000 labels in a table",
        format!(
            "{HEAD}{DECIDE}enum Sector {{\n{}\n}}\ninput {{ s : Sector }}\ntable t first match -> m : integer {{\n    | s | m |\n    |--|--|\n{rows}}}\n",
            labels.join(",\n    ")
        ),
        &[],
    );
    let rules = lines(10_000, |number| {
        format!("    rule r{number} when l{number} is s then refer")
    });
    time(
        "and in rules, the label first",
        format!(
            "{HEAD}enum Sector {{\n{}\n}}\ninput {{ s : Sector }}\nrules s1 all {{\n{rules}}}\n{}",
            labels.join(",\n    "),
            decide.replace("evaluate s;", "evaluate s1;")
        ),
        &[],
    );
    let enums = lines(3_000, |number| {
        format!("enum E{number} {{ a{number}, b{number}, c{number} }}")
    });
    let fields = lines(3_000, |number| format!("    i{number} : E{number}"));
    let rules = lines(3_000, |number| {
        format!(
            "    rule r{number} when i{number} is one of [b{number}, c{number}] or c{number} is i{number} then refer"
        )
    });
    time(
        "3,000 enums",
        format!("{HEAD}{enums}input {{\n{fields}}}\nrules s all {{\n{rules}}}\n{decide}"),
        &[],
    );
    let outputs = lines(5_000, |number| {
        format!("    o{number} : integer = x + {number}")
    });
    let expected = lines(5_000, |number| {
        format!("    expect o{number} = {}", number + 1)
    });
    time(
        "5,000 outputs and a test of them",
        format!(
            "{HEAD}{DECIDE}input {{ x : integer }}\noutput {{\n{outputs}}}\ntest \"all\" {{\n    given with x = 1\n{expected}}}\n"
        ),
        &[],
    );
    let codes = lines(5_000, |number| format!("    e{number} : E"));
    let columns = lines(5_000, |number| format!("    e{number}"));
    let labels: Vec<String> = (0..200)
        .map(|number| format!("l{number} code {number}"))
        .collect();
    time(
        "5,000 columns of an enum into a model",
        format!(
            "# model m.onnx: x float[5000] -> y float\n{HEAD}{DECIDE}enum E {{ {} }}\ninput {{\n{codes}}}\ncolumns all {{\n{columns}}}\nmodel m from \"m.onnx\" {{ feed {{ x = all }}; give y : decimal = y }}\n",
            labels.join(", ")
        ),
        &[],
    );
}

#[test]
fn roundings_and_powers() {
    let defined = |value: &str| {
        format!("{HEAD}{DECIDE}input {{ x : decimal in 1 and above }}\ndefine {{ d = {value} }}\n")
    };
    let tails = " rounded to 9 digits".repeat(4);
    let nested = |depth: usize| {
        let (open, close) = ("(".repeat(depth), format!(" * 1){tails}").repeat(depth));
        defined(&format!("{open}x{close}"))
    };
    time("roundings in 40 brackets", nested(40), &[]);
    time("roundings in 60 brackets", nested(60), &["K0211"]);
    let many = vec!["remainder of x by 7 if zero 1"; 2_000];
    time("2,000 remainders", defined(&many.join("\n + ")), &[]);
    for (chain, code) in [
        ("remainder of ", "K0100"),
        ("x to the power of ", "K0143"),
        ("x rounded to a multiple of ", "K0006"),
    ] {
        time(
            chain,
            defined(&format!("{}x", chain.repeat(2_000))),
            &[code],
        );
    }
    time(
        "5,000 roundings",
        defined(&format!(
            "x{}",
            "\n * x rounded to a multiple of 2".repeat(5_000)
        )),
        &["K0009", "K0143"],
    );
}

#[test]
fn mistakes() {
    let decide =
        "decide outcome : Outcome most severe { evaluate s; rule rest otherwise then approve }\n";
    let inputs = lines(5_000, |number| format!("    field_{number} : integer"));
    let rules = lines(5_000, |number| {
        format!("    rule r{number} when feild_{number} > 1 then refer because R{number}")
    });
    time(
        "5,000 misspelt names among 5,000",
        format!("{HEAD}input {{\n{inputs}}}\nrules s all {{\n{rules}}}\n{decide}"),
        &["K0009", "K0202", "K0204"],
    );
}

#[test]
fn texts_and_lists() {
    let values = |count: usize| {
        let values: Vec<String> = (0..count)
            .map(|number| format!("\"the value number {number}\""))
            .collect();
        format!("list many =\n{}\n", values.join(",\n")).replacen("=\n", "= ", 1)
    };
    let uses = lines(1_000, |number| {
        format!("    rule r{number} when x in list many or x contains a word in many then refer")
    });
    let policy = |count: usize| {
        format!(
            "{HEAD}{}input {{ x : text }}\nrules s all {{\n{uses}}}\ndecide outcome : Outcome most severe {{ evaluate s; rule rest otherwise then approve }}\n",
            values(count)
        )
    };
    time("a list of 10,000 values", policy(10_000), &[]);
    time("a list of 10,001 values", policy(10_001), &["K0365"]);
    let alike = vec!["x"; 10_000].join(", ");
    time(
        "a list of one value 10,000 times",
        format!("{HEAD}{DECIDE}list alike = {alike}\n"),
        &["K0009", "K0364"],
    );
    let lists = lines(20_000, |number| format!("list l{number} = a, b, c"));
    let asked = lines(20_000, |number| {
        format!("    d{number} = x in list l{number}")
    });
    time(
        "20,000 lists",
        format!("{HEAD}{DECIDE}input {{ x : text }}\n{lists}define {{\n{asked}}}\n"),
        &[],
    );
    let patterns = |count: usize, pattern: &str| {
        let asked = lines(count, |number| {
            format!("    d{number} = x matches \"{number}{pattern}\"")
        });
        format!("{HEAD}{DECIDE}input {{ x : text }}\ndefine {{\n{asked}}}\n")
    };
    time("1,000 patterns", patterns(1_000, "[a-z]+@[a-z]+"), &[]);
    time(
        "100 large patterns",
        patterns(100, "[a-z]{5000}"),
        &["K0362"],
    );
    let one = lines(20_000, |number| {
        format!("    d{number} = x matches \"[a-z]{{100}}\"")
    });
    time(
        "one pattern 20,000 times",
        format!("{HEAD}{DECIDE}input {{ x : text }}\ndefine {{\n{one}}}\n"),
        &[],
    );
    let parts = vec!["x"; 20_000].join(",\n");
    time(
        "a text of 20,000 parts",
        format!("{HEAD}{DECIDE}input {{ x : text }}\ndefine {{\n    d = concat({parts})\n}}\n"),
        &[],
    );
}

/// What opens something, over and over, with nothing that closes it
const OPENERS: &[&str] = &[
    "(",
    "[",
    "{",
    "`",
    "\"",
    "a(",
    "min(1, ",
    "lower(",
    "concat(a, (",
    "not (",
    "-(",
    "- ",
    "not ",
    "a or (b and ",
    "if (",
    "if a then ",
    "if a then b else ",
    "if a then (",
    "if if ",
    "match a { ",
    "match a { b : ",
    "match (",
    "match a { otherwise : (",
    "a if missing ",
    "a if missing (",
    "a / (b if zero ",
    "a / b if zero ",
    "a is one of [",
    "a is one of [(",
    "a is not ",
    "a in (",
    "a in (1 to ",
    "a in list (",
    "a not in ",
    "a contains (",
    "a contains ",
    "a does not contain (",
    "a starts with (",
    "a contains a word in ",
    "a matches (",
    "a before (",
    "a after ",
    "days from (",
    "days from ",
    "days from a to ",
    "year of ",
    "year of (",
    "remainder of ",
    "remainder of (",
    "remainder of a by (",
    "a to the power of (",
    "a to the power of ",
    "a rounded to (",
    "a rounded to a multiple of (",
    "a rounded to 2 digits ",
    "sum of ",
    "sum of (",
    "sum of (a) over ",
    "count of a where (",
    "count of a where ",
    "any of a where (",
    "every a where (",
    "every ",
    "first of a if none (",
    "first of a if none ",
    "a[",
    "a[(",
    "a.",
    "1 day + (",
    "1 day ",
    "a ; ",
    "a : ",
    "a : (",
    "list of ",
    "a : list of ",
    "when (",
    "rule a when (",
    "| (",
    "| a | ",
    "# ",
    "\\",
];

/// Reads and checks what opens without end; it is refused, and soon.
fn refused(what: &str, text: &str) {
    let mut sources = Sources::default();
    let source = sources.add("open", text);
    let mut diagnostics = Vec::new();
    let start = Instant::now();
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &StubModels::default(), &mut diagnostics);
    let took = start.elapsed();
    assert!(policy.is_none(), "{what:?} is taken");
    if took.as_millis() > 500 {
        println!("{what:?} took {took:.1?}");
    }
}

#[test]
fn what_opens_without_end_is_refused() {
    let shells = [
        ("rules r all {\n rule a when ", " then refer\n}\n"),
        ("function f(a : integer) : integer = {\n ", "\n}\n"),
        (
            "table t first match -> v : O {\n| a |\n|---|\n| ",
            " |\n}\n",
        ),
        ("input {\n x : ", "\n}\n"),
        ("list l = ", "\n"),
        ("test \"t\" { given with a = ", "\n}\n"),
        ("", ""),
    ];
    let work = move || {
        for opener in OPENERS {
            // On one line, as long as it may be, and within brackets over many lines
            let short = opener.repeat(20_000.min(60_000 / opener.len()));
            let long = format!("{opener}\n").repeat(20_000);
            for (before, within) in [("define {\n x = ", &short), ("define {\n x = (\n", &long)] {
                refused(opener, &format!("{HEAD}{before}{within}1\n}}\n{DECIDE}"));
            }
            let few = opener.repeat(1_000);
            for (before, behind) in shells {
                refused(opener, &format!("{HEAD}{before}{few}1{behind}{DECIDE}"));
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(work).unwrap().join().unwrap();
}
