//! Every function and form of `docs/language.md`: what it comes to, how many
//! policies of the corpus have it, and how many are refused on a line with it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::path::Path;

use krites_lang::{DataAlone, Place, Program};
use support::{checked, data, rendered};

/// Forms, `…` for anything and `|` between words of one place; an expression with
/// each, and its value in the case below
const FORMS: &str = r#"
min (                        ; min(3, whole, 9)                                   ; 3
max (                        ; max(3, plain)                                      ; 3
abs (                        ; abs(-2.5)                                          ; 2.5
floor (                      ; floor(-2.5)                                        ; -3
ceiling (                    ; ceiling(-2.5)                                      ; -2
truncate (                   ; truncate(-2.5)                                     ; -2
rounded to … digits|digit    ; 2.345 rounded to 2 digits                          ; 2.34
rounded half up to           ; 2.345 rounded half up to 2 digits                  ; 2.35
rounded half even to         ; 2.355 rounded half even to 2 digits                ; 2.36
rounded half down to         ; 2.355 rounded half down to 2 digits                ; 2.35
rounded up to                ; -2.341 rounded up to 2 digits                      ; -2.35
rounded down to              ; -2.349 rounded down to 2 digits                    ; -2.34
to a multiple of             ; 26 rounded to a multiple of 10                     ; 30
remainder of … by            ; remainder of -7 by 24                              ; 17
to the power of              ; 1.05 to the power of 2                             ; 1.1025
if zero                      ; 1 / nothing if zero 7                              ; 7
if missing                   ; maybe if missing 8                                 ; 8
if missing fault             ; there if missing fault                             ; 5
lower (                      ; lower("ÄB")                                        ; "äb"
upper (                      ; upper("straße")                                    ; "STRASSE"
trim (                       ; trim("  a b ")                                     ; "a b"
length (                     ; length("äb")                                       ; 2
left (                       ; left("abc", 2)                                     ; "ab"
right (                      ; right("abc", 2)                                    ; "bc"
concat (                     ; concat("a", "b", words)                            ; "abcar loan"
starts with                  ; words starts with "car"                            ; true
ends with                    ; words ends with "car"                              ; false
contains                     ; words contains "r l"                               ; true
contains a word in           ; words contains a word in goods                     ; true
matches                      ; words matches "[a-z ]+"                            ; true
does not start               ; words does not start with "car"                    ; false
does not end                 ; words does not end with "car"                      ; true
does not contain             ; words does not contain "z"                         ; true
does not match               ; words does not match "car"                         ; true
in list                      ; whole in list codes                                ; true
in lookup                    ; whole in lookup names                              ; true
not in lookup                ; nothing not in lookup names                        ; true
if none fault                ; names(whole).word if none fault                    ; "four"
not in list                  ; plain not in list codes                            ; true
year of                      ; year of day                                        ; 2024
month of                     ; month of day                                       ; 2
day of                       ; day of instant                                     ; 2
weekday of                   ; weekday of day                                     ; 4
date of                      ; date of instant                                    ; 2026-11-02
hour of                      ; hour of instant                                    ; 14
minute of                    ; minute of instant                                  ; 30
days from … to               ; days from day to 2024-03-01                        ; 1
weeks from … to              ; weeks from day to 2024-03-14                       ; 2
months from … to             ; months from day to 2024-04-28                      ; 1
years from … to              ; years from day to 2025-02-28                       ; 1
hours from … to              ; hours from instant to 2026-11-02T16:00:00Z         ; 1
minutes from … to            ; minutes from instant to 2026-11-02T14:31:59Z       ; 1
seconds from … to            ; seconds from instant to 2026-11-02T14:30:02Z       ; 2
count of                     ; count of numbers                                   ; 3
sum of                       ; sum of numbers                                     ; 10
average of                   ; average of series                                  ; 2
min of                       ; min of numbers if none 0                           ; 1
max of                       ; max of numbers if none 0                           ; 7
first of                     ; first of numbers if none 0                         ; 2
any of … where               ; any of numbers where (each > 6)                    ; true
every of … where             ; every of numbers where each > 1                    ; false
any … >|is|in                ; any numbers is 7                                   ; true
every … >|is|in              ; every numbers > 0                                  ; true
over                         ; sum of (each * 2) over numbers                     ; 20
if none                      ; max of numbers where each > 9 if none 4            ; 4
[ … to … ]                   ; sum of series[2 to 3]                              ; 5
if … then … else             ; if whole > 4 then "a" else "b"                     ; "b"
else if                      ; if whole > 4 then 1 else if whole > 3 then 2 else 3 ; 2
match … {                    ; match work { student : 1, employed : 2 }           ; 2
missing :                    ; match maybe { missing : 1, otherwise : 2 }         ; 1
otherwise :                  ; match whole { below 3 : 1, 3, 5 : 2, otherwise : 3 } ; 3
before                       ; day before 2024-03-01                              ; true
after                        ; day after 2024-02-29                               ; false
is one of                    ; work is one of [student]                           ; false
is not one of                ; whole is not one of [1, 2]                         ; true
is present                   ; maybe is present                                   ; false
is missing                   ; maybe is missing                                   ; true
in … to                      ; whole in 4 to 5                                    ; true
to below                     ; whole in 3 to below 4                              ; false
and above                    ; whole in 4 and above                               ; true
in above … to below          ; whole in above 3 to below 5                        ; true
in above … to                ; whole in above 4 to 5                              ; false
in below                     ; whole in below 4                                   ; false
in above                     ; whole in above 4                                   ; false
in up to                     ; whole in up to 4                                   ; true
not in                       ; whole not in 1 to 3                                ; true
twice|share (                ; share(twice(3), 12)                                ; 50%
"#;

/// Forms that no policy is refused on a line with, each with the reason
const CANNOT_BE_MISUSED: &[(&str, &str)] = &[];

/// The case that the expressions are computed in
const CASE: &str = r#"policy sample { version "1"; time zone "Europe/London"; on fault refer }
enum Outcome { approve < refer < decline }
enum Work { employed, student }
list codes = 4, 5
list goods = car, boat
lookup names from "names.csv" key n : integer -> word : text
function twice(n : integer) : integer = n * 2
function share(part : integer, whole : integer in 1 and above) : percent(2) = part / whole
input {
    whole : integer; plain : decimal; nothing : integer; maybe : integer?; there : integer?
    words : text; day : date; instant : datetime; work : Work
    numbers : list of integer; series[1 to 3] : integer
}
decide outcome : Outcome most severe { rule rest otherwise then approve }
example usual {
    whole = 4, plain = 2.5, nothing = 0, maybe = missing, there = 5, words = "car loan", day = 2024-02-29
    instant = 2026-11-02T14:30:00Z, work = employed, numbers = [2, 7, 1], series = [1, 2, 3]
}
"#;

struct Form {
    words: &'static str,
    expression: &'static str,
    value: &'static str,
}

fn forms() -> Vec<Form> {
    let rows = FORMS.trim().lines().map(|row| {
        let cells: Vec<&str> = row.split(" ;").map(str::trim).collect();
        let [words, expression, value] = cells[..] else {
            panic!("{row}")
        };
        Form {
            words,
            expression,
            value,
        }
    });
    rows.collect()
}

/// Cuts text into words and signs, what is in quotes and comments aside.
fn tokens(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let is_inner = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '.';
        let end = match sign {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let mut escaped = false;
                let closing = rest[1..].find(|sign| {
                    let closes = sign == '"' && !escaped;
                    escaped = sign == '\\' && !escaped;
                    closes
                });
                closing.map_or(rest.len(), |at| at + 2)
            }
            _ if is_inner(sign) => rest.find(|sign| !is_inner(sign)).unwrap_or(rest.len()),
            _ => sign.len_utf8(),
        };
        if !sign.is_whitespace() && !['#', '"'].contains(&sign) {
            all.push(&rest[..end]);
        }
        rest = &rest[end..];
    }
    all
}

/// Whether a line has a form.
fn has(line: &[&str], form: &str) -> bool {
    let words: Vec<&str> = form.split(' ').collect();
    (0..line.len()).any(|start| fits(&line[start..], &words))
}

fn fits(line: &[&str], words: &[&str]) -> bool {
    match words {
        [] => true,
        ["…", rest @ ..] => (0..line.len()).any(|start| fits(&line[start..], rest)),
        [word, rest @ ..] => {
            let first = line
                .first()
                .is_some_and(|first| word.split('|').any(|word| word == *first));
            first && fits(&line[1..], rest)
        }
    }
}

/// The policies of a folder of the corpus.
fn policies(folder: &str) -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let paths = std::fs::read_dir(corpus.join(folder)).unwrap();
    paths
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == "krites"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The lines that a refused policy's diagnostics point at.
fn lines_at_fault(text: &str) -> Vec<String> {
    let (sources, _, diagnostics) = checked("refused.krites", text);
    let line = |place: &Place| {
        let Place::Text(span) = place else {
            return None;
        };
        let source = sources.get(span.source)?;
        let number = source.line_column(span.start).0;
        source
            .text()
            .lines()
            .nth(number as usize - 1)
            .map(str::to_owned)
    };
    diagnostics
        .iter()
        .filter_map(|found| line(&found.primary.place))
        .collect()
}

#[test]
fn every_form_comes_to_its_value() {
    let mut text = CASE.to_owned();
    for (number, form) in forms().iter().enumerate() {
        let Form {
            words,
            expression,
            value,
        } = form;
        assert!(
            has(&tokens(expression), words),
            "`{expression}` has no `{words}`"
        );
        text.push_str(&format!(
            "define {{ x{number} = {expression} }}\ntest \"{}\" {{ given usual; expect x{number} = {value} }}\n",
            expression.replace('\\', "\\\\").replace('"', "\\\"")
        ));
    }
    text.push_str("# file names.csv\nn,word\n4,four\n");
    let (sources, policy, diagnostics) = checked("forms.krites", &text);
    let policy = policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics)));
    let data = data(&policy, &text);
    let program = Program::compile(policy);
    let reports = program.run_tests(&mut DataAlone(&data));
    let failed: Vec<_> = reports
        .iter()
        .filter(|report| !report.failures.is_empty())
        .collect();
    println!("{} forms, {} values", forms().len(), reports.len());
    assert_eq!(reports.len(), forms().len());
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_form_is_in_the_corpus() {
    let split = |texts: Vec<String>| -> Vec<Vec<String>> {
        texts
            .into_iter()
            .map(|text| text.lines().map(str::to_owned).collect())
            .collect()
    };
    let accepted = split([policies("accept"), policies("decide")].concat());
    let refused: Vec<Vec<String>> = policies("reject")
        .iter()
        .map(|text| lines_at_fault(text))
        .collect();
    let with = |policies: &[Vec<String>], form: &str| {
        let has_form = |lines: &&Vec<String>| lines.iter().any(|line| has(&tokens(line), form));
        policies.iter().filter(has_form).count()
    };
    let (mut unread, mut unmisused) = (Vec::new(), Vec::new());
    println!("accepted refused form");
    for form in forms() {
        let (in_accepted, in_refused) = (with(&accepted, form.words), with(&refused, form.words));
        println!("{in_accepted:>8} {in_refused:>7} {}", form.words);
        unread.extend((in_accepted == 0).then_some(form.words));
        unmisused.extend((in_refused == 0).then_some(form.words));
    }
    println!("{} forms", forms().len());
    for (form, reason) in CANNOT_BE_MISUSED {
        println!("no policy is refused for `{form}`: {reason}");
    }
    let excused: Vec<&str> = CANNOT_BE_MISUSED.iter().map(|(form, _)| *form).collect();
    assert_eq!(unread, [""; 0], "in no accepted policy");
    assert_eq!(unmisused, excused, "on no line that is refused; excused");
}

#[test]
fn every_function_is_listed() {
    let text = format!("{CASE}define {{ x = zzzzzzzz(1) }}\n");
    let (_, _, diagnostics) = checked("functions.krites", &text);
    let help = diagnostics[0].help.clone().unwrap();
    let names = help.strip_prefix("the functions are ").unwrap();
    let lacking: Vec<&str> = names
        .split(", ")
        .filter(|name| !["twice", "share"].contains(name))
        .filter(|name| !forms().iter().any(|form| form.words == format!("{name} (")))
        .collect();
    assert!(names.split(", ").count() > 10, "{names}");
    assert!(lacking.is_empty(), "{lacking:?}");
}
