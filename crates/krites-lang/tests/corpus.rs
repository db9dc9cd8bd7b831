//! The language by example: `tests/corpus` of the workspace, file by file.
//!
//! - `accept/*.krites` check without a diagnostic, and their own tests pass;
//! - `reject/*.krites` give the diagnostics in `*.expected`;
//! - `mistakes/*.krites` hold one mistake each that their first line tells; what comes of
//!   it, and the mends that are certain, stand in `*.expected`;
//! - `find/*.krites` check without a diagnostic, and over all cases are found to be as
//!   `*.expected` tells;
//! - `decide/*.krites` decide the cases in `*.cases` as `*.expected` says: on a
//!   used frame, on a fresh one, again, and with every value handed in late;
//!
//! A file that the policy uses stands behind it, from a line `# module path` on, a
//! file of data that it names from a line `# file path` on.
//! `KRITES_BLESS=1` writes the expected files anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use krites_lang::ir::Compared;
use krites_lang::{
    AlwaysState, Answer, Answered, Answers, Data, Date, Diagnostic, EvalErrorKind, Feed, Frame,
    GroupId, GroupState, Id as _, InputError, InputId, ModelCall, ModelFault, ModelId, ModelState,
    Needs, PolicyCall, PolicyFault, PolicyState, Program, Progress, RuleState, Severity,
    ShadowState, SlotState, Sources, Speaker, Unknown,
};
use support::{Alone, checked, data, rendered};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus")
}

/// The policies of a folder, in order, each with its text.
fn policies(folder: &str) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(corpus().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "krites")
        })
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Holds what came against the expected file; tells where they differ.
fn compare(policy: &Path, found: &str) -> Option<String> {
    let path = policy.with_extension("expected");
    if std::env::var_os("KRITES_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
        return None;
    }
    let name = file_name(&path);
    match std::fs::read_to_string(&path) {
        Ok(expected) if expected.replace('\r', "") == found => None,
        Ok(expected) => Some(format!(
            "{name}\n--- expected\n{expected}\n--- found\n{found}"
        )),
        Err(_) => Some(format!(
            "{name} is not there; KRITES_BLESS=1 writes it:\n{found}"
        )),
    }
}

fn assert_none(failures: &[String]) {
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn what_is_right_is_accepted_and_its_tests_pass() {
    let mut failures = Vec::new();
    for (path, text) in policies("accept") {
        let (sources, policy, diagnostics) = checked(&file_name(&path), &text);
        let Some(policy) = policy.filter(|_| diagnostics.is_empty()) else {
            failures.push(format!(
                "{}\n{}",
                file_name(&path),
                rendered(&sources, &diagnostics)
            ));
            continue;
        };
        let found = krites_lang::analyse(&policy).into_iter();
        let refused: Vec<_> = found
            .filter(|found| found.severity == Severity::Error)
            .collect();
        if !refused.is_empty() {
            failures.push(format!(
                "{}\n{}",
                file_name(&path),
                rendered(&sources, &refused)
            ));
        }
        let mut alone = Alone::of(&policy, &text);
        for report in Program::compile(policy).run_tests(&mut alone) {
            for failure in report.failures {
                failures.push(format!("{}: {}: {failure}", file_name(&path), report.title));
            }
        }
    }
    assert_none(&failures);
}

#[test]
fn what_is_wrong_is_named() {
    let mut failures = Vec::new();
    for (path, text) in policies("reject") {
        let (sources, policy, diagnostics) = checked(&file_name(&path), &text);
        if diagnostics.is_empty() || policy.is_some() {
            failures.push(format!("{} is accepted", file_name(&path)));
        }
        failures.extend(compare(&path, &rendered(&sources, &diagnostics)));
    }
    assert_none(&failures);
}

#[test]
fn what_holds_over_all_cases_is_found() {
    let mut failures = Vec::new();
    for (path, text) in policies("find") {
        let (sources, policy, diagnostics) = checked(&file_name(&path), &text);
        let Some(policy) = policy.filter(|_| diagnostics.is_empty()) else {
            failures.push(rendered(&sources, &diagnostics));
            continue;
        };
        let found = krites_lang::analyse(&policy);
        failures.extend(compare(&path, &rendered(&sources, &found)));
    }
    assert_none(&failures);
}

#[test]
fn a_mistake_is_told_as_a_colleague_would() {
    let mut failures = Vec::new();
    let mut several = Vec::new();
    let mut mended = 0;
    let all = policies("mistakes");
    for (path, text) in &all {
        let name = file_name(path);
        let (sources, policy, mut found) = checked(&name, text);
        if let Some(policy) = policy.filter(|_| found.is_empty()) {
            found = krites_lang::analyse(&policy);
        }
        if found.is_empty() {
            failures.push(format!("{name} is accepted"));
        }
        if found.len() > 1 {
            several.push(format!("{name} ({})", found.len()));
        }
        mended += usize::from(found.iter().any(|found| found.fix.is_some()));
        failures.extend(compare(path, &with_mends(&sources, &found)));
    }
    println!(
        "{} mistakes, {mended} with a mend; told in several places: {}",
        all.len(),
        several.join(", ")
    );
    assert_none(&failures);
}

/// Diagnostics as plain text, each with what mends it.
fn with_mends(sources: &Sources, found: &[Diagnostic]) -> String {
    let one = |found: &Diagnostic| {
        let mut out = rendered(sources, std::slice::from_ref(found));
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            let (line, column) = sources
                .get(edit.span.source)
                .unwrap()
                .line_column(edit.span.start);
            out.push_str(&format!(
                "    mend {line}:{column}: `{}` becomes `{}`\n",
                sources.text(edit.span),
                edit.text
            ));
        }
        out
    };
    found.iter().map(one).collect()
}

/// Codes that no policy text gives, with the reason
const NOT_IN_A_FILE: &[(u16, &str)] = &[
    (1, "a file of more than 8 MiB"),
    (
        2,
        "bytes that are no text: refused before they are a source",
    ),
    (4, "a line of more than 64 KiB"),
    (8, "more entries than a file of reasonable size holds"),
    (9, "a thousand errors"),
    (10, "an entry of many KiB"),
    (228, "a thousand files"),
    (365, "a list of more than 10,000 values"),
    (463, "a calibration of more than 10,000 points"),
    (379, "a list of more than 10,000 elements in a test"),
    (
        490,
        "bytes that are no text: no part of a policy's own text",
    ),
    (498, "a file of data of more than 256 MiB"),
    (211, "definitions that need one another hundreds deep"),
    (
        771,
        "two policies that ask each other: where a release is built",
    ),
    (215, "more inputs than a file of reasonable size has"),
];

#[test]
fn every_code_has_a_file() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut declared: BTreeSet<u16> = BTreeSet::new();
    let mut files = vec![
        source.join("check/codes.rs"),
        source.join("scan.rs"),
        source.join("module.rs"),
        source.join("module/problem.rs"),
        source.join("module/sheets.rs"),
        source.join("module/class_names.rs"),
        source.join("parse.rs"),
    ];
    for folder in ["parse", "parse/sheet", "scan", "data"] {
        let entries = std::fs::read_dir(source.join(folder)).unwrap();
        let entries = entries.map(|entry| entry.unwrap().path());
        files.extend(entries.filter(|path| path.is_file()));
    }
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for found in text.split("Code(").skip(1) {
            let digits: String = found.chars().take_while(char::is_ascii_digit).collect();
            declared.extend(digits.parse::<u16>());
        }
    }
    let mut given: BTreeSet<u16> = BTreeSet::new();
    for (path, text) in [policies("reject"), policies("mistakes")].concat() {
        given.extend(
            checked(&file_name(&path), &text)
                .2
                .iter()
                .map(|found| found.code.0),
        );
    }
    let excused: BTreeSet<u16> = NOT_IN_A_FILE.iter().map(|(code, _)| *code).collect();
    let lacking: Vec<String> = declared
        .difference(&given)
        .filter(|code| !excused.contains(code))
        .map(|code| format!("K{code:04} is given by no file under reject or mistakes"))
        .collect();
    println!(
        "{} codes, {} given, {} excused",
        declared.len(),
        given.len(),
        excused.len()
    );
    let stale: Vec<String> = excused
        .intersection(&given)
        .map(|code| format!("K{code:04} is excused, but a file gives it"))
        .collect();
    assert_none(&[lacking, stale].concat());
}

#[test]
fn eight_mistakes_give_eight_diagnostics_in_order() {
    let text = std::fs::read_to_string(corpus().join("reject/eight_mistakes.krites")).unwrap();
    let marked: Vec<u32> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains("# mistake"))
        .map(|(number, _)| number)
        .collect();
    let (sources, _, diagnostics) = checked("eight_mistakes.krites", &text);
    let found: Vec<u32> = diagnostics
        .iter()
        .map(|diagnostic| match &diagnostic.primary.place {
            krites_lang::Place::Text(span) => {
                sources.get(span.source).unwrap().line_column(span.start).0
            }
            _ => 0,
        })
        .collect();
    assert_eq!(marked.len(), 8);
    assert_eq!(found, marked, "\n{}", rendered(&sources, &diagnostics));
}

/// One case of a `.cases` file
struct Case {
    title: String,
    date: Date,
    /// Name and field text
    inputs: Vec<(String, String)>,
    /// Model and what it answers
    answers: Vec<(String, Stated)>,
    /// What the policy's files hold
    data: Data,
    /// The policies that it asks
    asked: Arc<Mutex<Alone>>,
}

/// What a model answers in a case
enum Stated {
    Answers(Vec<Answer>),
    Fault(ModelFault),
}

fn cases(text: &str, data: &Data, asked: &Arc<Mutex<Alone>>) -> Vec<Case> {
    let mut all: Vec<Case> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix("case ") {
            all.push(Case {
                title: title.to_owned(),
                date: Date::parse("2026-11-02").unwrap(),
                inputs: Vec::new(),
                answers: Vec::new(),
                data: data.clone(),
                asked: asked.clone(),
            });
            continue;
        }
        let case = all.last_mut().expect("a file begins with `case`");
        if let Some(date) = line.strip_prefix("date ") {
            case.date = Date::parse(date).unwrap();
        } else if let Some((model, words)) = line.split_once(" -> ") {
            case.answers.push((model.to_owned(), stated(words)));
        } else {
            let (name, value) = line.split_once('=').expect("`name = value`");
            case.inputs
                .push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    all
}

fn stated(words: &str) -> Stated {
    match words {
        "late" => Stated::Fault(ModelFault::Late),
        "busy" => Stated::Fault(ModelFault::Busy),
        words => match words.strip_prefix("failed ") {
            Some(why) => Stated::Fault(ModelFault::Failed(why.to_owned())),
            None => Stated::Answers(words.split(", ").map(answer).collect()),
        },
    }
}

fn answer(words: &str) -> Answer {
    match words.split_once(' ') {
        Some(("float", value)) => Answer::Float(value.parse().unwrap()),
        Some(("double", value)) => Answer::Double(value.parse().unwrap()),
        Some(("integer", value)) => Answer::Integer(value.parse().unwrap()),
        Some(("boolean", value)) => Answer::Boolean(value.parse().unwrap()),
        Some(("text", value)) => Answer::Text(value.to_owned()),
        _ => Answer::None,
    }
}

/// Answers as a case says, at once or later
struct CaseAnswers<'a> {
    program: &'a Program,
    case: &'a Case,
    later: bool,
    calls: usize,
}

impl CaseAnswers<'_> {
    fn stated(&self, model: ModelId) -> Option<&Stated> {
        let name = &self.program.policy().models[model].name;
        let found = self
            .case
            .answers
            .iter()
            .find(|(model, _)| **model == **name);
        found.map(|(_, stated)| stated)
    }
}

impl Answers for CaseAnswers<'_> {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        self.calls += 1;
        if self.later && !call.again {
            return Answered::Pending;
        }
        match self.stated(call.model) {
            Some(Stated::Answers(given)) => {
                call.answers
                    .iter_mut()
                    .zip(given)
                    .for_each(|(slot, given)| slot.clone_from(given));
                Answered::Given
            }
            Some(Stated::Fault(fault)) => Answered::Fault(fault.clone()),
            None => Answered::Fault(ModelFault::Failed("the case states no answer".to_owned())),
        }
    }

    fn policy(&mut self, call: PolicyCall<'_>) -> Result<(), PolicyFault> {
        self.case.asked.lock().unwrap().policy(call)
    }

    fn data(&self) -> &Data {
        &self.case.data
    }
}

fn input_id(program: &Program, name: &str) -> InputId {
    let inputs = &program.policy().inputs;
    let found = inputs.iter().position(|input| *input.name == *name);
    InputId::new(found.unwrap_or_else(|| panic!("no input `{name}`")))
}

fn bind(
    program: &Program,
    case: &Case,
    frame: &mut Frame,
    pending: bool,
) -> Result<(), InputError> {
    program.begin(frame, case.date);
    for (name, text) in &case.inputs {
        let id = input_id(program, name);
        match pending {
            // What is on request comes later, with its group.
            true if program.policy().inputs[id].group.is_some() => {}
            true => program.set_pending(frame, id),
            false => program.set_field(frame, id, text)?,
        }
    }
    program.finish_inputs(frame)?;
    if pending {
        program.await_groups(frame);
    }
    Ok(())
}

/// Gives what a case has of a group, or says that it will not come.
fn give_group(
    program: &Program,
    case: &Case,
    frame: &mut Frame,
    group: GroupId,
) -> Result<(), InputError> {
    for (name, text) in &case.inputs {
        let id = input_id(program, name);
        if program.policy().inputs[id].group == Some(group) {
            program.set_field(frame, id, text)?;
        }
    }
    program.finish_inputs(frame)?;
    program.refuse_group(frame, group);
    Ok(())
}

/// Decides a case with everything at hand.
fn decide(program: &Program, case: &Case, frame: &mut Frame) -> String {
    if let Err(error) = bind(program, case, frame, false) {
        return format!("    refused: {error}\n");
    }
    let mut answers = CaseAnswers {
        program,
        case,
        later: false,
        calls: 0,
    };
    let progress = program.decide(frame, &mut answers);
    shown(program, frame, &progress)
}

/// Decides a decided case once more: nothing changes and no model is asked.
fn decide_again(program: &Program, case: &Case, frame: &mut Frame) -> String {
    let mut answers = CaseAnswers {
        program,
        case,
        later: false,
        calls: 0,
    };
    let progress = program.decide(frame, &mut answers);
    assert_eq!(answers.calls, 0, "{}: a model is asked again", case.title);
    shown(program, frame, &progress)
}

/// Decides a case with every input and answer handed in when it is asked for,
/// the frame on another thread each time.
fn decide_step_by_step(program: &Program, case: &Case) -> String {
    let mut frame = program.frame();
    if let Err(error) = bind(program, case, &mut frame, true) {
        return format!("    refused: {error}\n");
    }
    // Every input and model is asked for at most once.
    let policy = program.policy();
    for _ in 0..=case.inputs.len() + policy.models.len() + policy.groups.len() {
        let (moved, progress) = std::thread::scope(|scope| {
            scope
                .spawn(move || {
                    let mut answers = CaseAnswers {
                        program,
                        case,
                        later: true,
                        calls: 0,
                    };
                    let progress = program.decide(&mut frame, &mut answers);
                    (frame, progress)
                })
                .join()
                .unwrap()
        });
        frame = moved;
        match progress {
            Ok(Progress::Needs(Needs::Input(id))) => {
                let name = &program.policy().inputs[id].name;
                let (_, text) = case
                    .inputs
                    .iter()
                    .find(|(input, _)| **input == **name)
                    .unwrap();
                if let Err(error) = program.set_field(&mut frame, id, text) {
                    return format!("    refused: {error}\n");
                }
            }
            Ok(Progress::Needs(Needs::Group(id))) => {
                if let Err(error) = give_group(program, case, &mut frame, id) {
                    return format!("    refused: {error}\n");
                }
            }
            Ok(Progress::Needs(Needs::Model(id))) => {
                assert!(!frame.feeds(id).is_empty());
                let answers = CaseAnswers {
                    program,
                    case,
                    later: false,
                    calls: 0,
                };
                let given = match answers.stated(id) {
                    Some(Stated::Answers(given)) => Ok(given.as_slice()),
                    Some(Stated::Fault(fault)) => Err(fault.clone()),
                    None => Err(ModelFault::Failed("the case states no answer".to_owned())),
                };
                program.give_answer(&mut frame, id, given);
            }
            done => return shown(program, &frame, &done),
        }
    }
    "    asks for one value again and again\n".to_owned()
}

/// All that a decided case tells.
fn shown(
    program: &Program,
    frame: &Frame,
    progress: &Result<Progress, krites_lang::EvalError>,
) -> String {
    let policy = program.policy();
    let mut lines = Vec::new();
    match progress {
        Ok(Progress::Decided) => {
            let outcome = program.outcome(frame).unwrap() as usize;
            lines.push(format!(
                "outcome {}",
                policy.enums[policy.decide.ty].labels[outcome].name
            ));
        }
        Ok(Progress::Needs(needs)) => lines.push(format!("needs {needs:?}")),
        Err(error) => {
            let kind = match error.kind() {
                EvalErrorKind::Unhandled { .. } => "unhandled",
                EvalErrorKind::Output { .. } => "output",
                EvalErrorKind::Broken { .. } | EvalErrorKind::Always { .. } => "always",
                EvalErrorKind::NothingSpoke => "nothing spoke",
                EvalErrorKind::ForeignFrame => "foreign frame",
            };
            lines.push(format!("error ({kind}): {error}"));
        }
    }
    if progress.is_ok() {
        for (id, output) in policy.outputs.iter_ids() {
            let value = match program.output_state(frame, id) {
                SlotState::Present => program.output(frame, id).unwrap().to_string(),
                SlotState::Missing => "missing".to_owned(),
                other => format!("{other:?}"),
            };
            lines.push(format!("output {} = {value}", output.name));
        }
        let reasons: Vec<&str> = frame
            .reasons()
            .iter()
            .map(|id| &*policy.reasons[*id].code)
            .collect();
        lines.push(format!("reasons [{}]", reasons.join(", ")));
        for (at, declared) in (0_u32..).zip(&policy.decide.values) {
            let value = program.value(frame, krites_lang::ir::Value::Decided(at));
            let value = value.map_or("missing".to_owned(), |value| value.to_string());
            lines.push(format!("decided {} = {value}", declared.name));
        }
        if !policy.tags.is_empty() {
            let tags = frame.tags().iter().map(|id| &*policy.tags[*id]);
            lines.push(format!("tags [{}]", tags.collect::<Vec<_>>().join(", ")));
        }
    }
    for spoken in frame.spoken() {
        let speaker = match spoken.speaker {
            Speaker::Rule(id) => policy.rules[id].name.to_string(),
            Speaker::Row(id, row) => {
                format!(
                    "{}[{}]",
                    policy.tables[id].name,
                    policy.tables[id].rows.get(row as usize).unwrap().id
                )
            }
            Speaker::Value(value) => program.name_of(value).to_owned(),
            Speaker::Fault(fault) => format!("fault {fault}"),
        };
        let outcome = &policy.enums[policy.decide.ty].labels[spoken.outcome as usize].name;
        lines.push(format!("spoke {speaker}: {outcome}"));
    }
    for (id, rule) in policy.rules.iter_ids() {
        let state = match frame.rule(id) {
            RuleState::NotAsked => "not asked".to_owned(),
            RuleState::NotFired => "not fired".to_owned(),
            RuleState::Fired => "fired".to_owned(),
            RuleState::Fault(fault) => format!("fault {fault}"),
        };
        lines.push(format!("rule {} {state}", rule.name));
    }
    for (id, always) in policy.always.iter_ids() {
        let state = match frame.always(id) {
            AlwaysState::NotKnown => "not known".to_owned(),
            AlwaysState::Holds => "holds".to_owned(),
            AlwaysState::Broken => "broken".to_owned(),
            AlwaysState::Fault(fault) => format!("fault {fault}"),
        };
        lines.push(format!("always \"{}\" {state}", always.title));
    }
    for (at, block) in policy.shadows.iter().enumerate() {
        let state = match program.shadow_state(frame, at) {
            ShadowState::NotRun => "not decided again".to_owned(),
            ShadowState::Same => "same".to_owned(),
            ShadowState::Different => {
                let differing = program.differences(frame, at).map(|one| match one {
                    Compared::Outcome => "outcome".to_owned(),
                    Compared::Output(id) => {
                        let again = program.shadow_frame(frame, at).unwrap();
                        let value = program.output(again, id);
                        let value = value.map_or("missing".to_owned(), |value| value.to_string());
                        format!("{} = {value}", policy.outputs[id].name)
                    }
                });
                format!("different: {}", differing.collect::<Vec<_>>().join(", "))
            }
            ShadowState::NotKnown(Unknown::NotAsked) => "not known: not asked".to_owned(),
            ShadowState::NotKnown(Unknown::Fault) => {
                let fault = program.shadow_fault(frame, at);
                let fault = fault.map_or(String::new(), |fault| fault.kind.to_string());
                format!("not known: {fault}")
            }
        };
        lines.push(format!("shadow {} {state}", block.name));
    }
    for (id, table) in policy.tables.iter_ids() {
        let rows = frame.rows(id).iter();
        let rows: Vec<&str> = rows
            .map(|row| table.rows.get(*row as usize).unwrap().id)
            .collect();
        let row = match (frame.row(id), rows.as_slice()) {
            (Some(_), [row]) => format!("row {row}"),
            (_, []) => "no row".to_owned(),
            (_, rows) => format!("rows {}", rows.join(", ")),
        };
        lines.push(format!("table {} {row}", table.name));
    }
    for (id, model) in policy.models.iter_ids() {
        let state = match frame.model(id) {
            ModelState::NotRun => "not run".to_owned(),
            ModelState::Fault(fault) => format!("fault {fault}"),
            ModelState::Pending => "pending".to_owned(),
            ModelState::Answered => format!("fed {}", fed(frame.feeds(id))),
            ModelState::Stated => "stated".to_owned(),
            ModelState::StoodIn(fault) => format!("stood in for fault {fault}"),
        };
        let outside: Vec<&str> = program.outside_training(frame, id).collect();
        let outside = match outside.as_slice() {
            [] => String::new(),
            columns => format!(", outside training: {}", columns.join(", ")),
        };
        lines.push(format!("model {} {state}{outside}", model.name));
    }
    for (id, asked) in policy.subpolicies.iter_ids() {
        let state = match frame.policy(id) {
            PolicyState::NotAsked => "not asked".to_owned(),
            PolicyState::Fault(fault) => format!("fault {fault}"),
            PolicyState::Stated => "stated".to_owned(),
            PolicyState::Decided => {
                let gives = asked.gives.iter().map(|give| {
                    let value = krites_lang::ir::Value::Definition(give.definition);
                    let value = program.value(frame, value);
                    value.map_or("missing".to_owned(), |value| value.to_string())
                });
                format!("decided: {}", gives.collect::<Vec<_>>().join(", "))
            }
        };
        lines.push(format!("policy {} {state}", asked.name));
    }
    for (id, group) in policy.groups.iter_ids() {
        let state = match program.group_state(frame, id) {
            GroupState::Asked => "asked".to_owned(),
            GroupState::Fault(fault) => format!("fault {fault}"),
            // Whether it could have been had is nothing that the case needed.
            GroupState::NotGiven | GroupState::Awaited | GroupState::Begun | GroupState::Given => {
                "not asked".to_owned()
            }
        };
        lines.push(format!("group {} {state}", group.name));
    }
    for (position, fault) in frame.faults().iter().enumerate() {
        lines.push(format!("fault {position}: {}", fault.kind));
    }
    lines.iter().map(|line| format!("    {line}\n")).collect()
}

fn fed(feeds: &[Feed]) -> String {
    let shown: Vec<String> = feeds
        .iter()
        .map(|feed| match feed {
            Feed::Float(values) => format!("{values:?}"),
            Feed::Double(values) => format!("{values:?}"),
            Feed::Integer(values) => format!("{values:?}"),
            Feed::Boolean(values) => format!("{values:?}"),
            Feed::Text(values) => format!("{values:?}"),
        })
        .collect();
    shown.join(" ")
}

/// Decides the cases of a folder; tells where they differ from what is expected.
fn decided(folder: &str) -> Vec<String> {
    let mut failures = Vec::new();
    for (path, text) in policies(folder) {
        let (sources, policy, diagnostics) = checked(&file_name(&path), &text);
        let Some(policy) = policy else {
            failures.push(format!(
                "{}\n{}",
                file_name(&path),
                rendered(&sources, &diagnostics)
            ));
            continue;
        };
        let data = data(&policy, &text);
        let asked = Arc::new(Mutex::new(Alone::of(&policy, &text)));
        let program = Program::compile(policy);
        let cases = std::fs::read_to_string(path.with_extension("cases")).unwrap();
        let cases = self::cases(&cases, &data, &asked);
        // One frame for all cases: nothing of a case may be left for the next.
        let mut frame = program.frame();
        let mut out = String::new();
        for case in &cases {
            let found = decide(&program, case, &mut frame);
            let mut same = |other: String, how: &str| {
                if other != found {
                    let name = file_name(&path);
                    failures.push(format!(
                        "{name}: {}: {how}\n{found}--- but\n{other}",
                        case.title
                    ));
                }
            };
            same(
                decide(&program, case, &mut program.frame()),
                "on a fresh frame",
            );
            if !found.contains("refused: ") {
                same(decide_again(&program, case, &mut frame), "decided again");
                same(decide_step_by_step(&program, case), "step by step");
            }
            out.push_str(&format!("case {}\n{found}", case.title));
        }
        failures.extend(compare(&path, &out));
    }
    failures
}

#[test]
fn cases_are_decided_as_expected() {
    assert_none(&decided("decide"));
}

#[test]
fn frames_and_programs_cross_threads() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Frame>();
    send::<Program>();
    sync::<Program>();
    assert_eq!(size_of::<krites_lang::EvalError>(), size_of::<usize>());
    assert_eq!(size_of::<InputError>(), size_of::<usize>());
}

/// Files of names are read, checked and refused wherever they end, by
/// policies that use what the whole file declares.
#[test]
fn a_file_of_names_may_end_anywhere() {
    for folder in ["accept", "decide", "reject"] {
        for (path, text) in policies(folder) {
            let Some(first) = text.find("# module ") else {
                continue;
            };
            let ends = text.char_indices().map(|(end, _)| end);
            for end in ends.filter(|end| *end > first).step_by(3) {
                let (_, policy, diagnostics) = checked(&file_name(&path), &text[..end]);
                assert!(policy.is_some() || !diagnostics.is_empty(), "{end}");
            }
        }
    }
}

#[test]
fn lines_end_as_they_do_on_unix_or_windows() {
    let mut failures = Vec::new();
    for folder in ["accept", "reject", "decide"] {
        for (path, text) in policies(folder) {
            let shown = |text: &str| {
                let (sources, _, diagnostics) = checked(&file_name(&path), text);
                rendered(&sources, &diagnostics)
            };
            let unix = text.replace("\r\n", "\n");
            let windows = unix.replace('\n', "\r\n");
            let (unix, windows) = (shown(&unix), shown(&windows));
            if unix != windows {
                let name = file_name(&path);
                failures.push(format!("{name}\n{unix}\n--- on Windows\n{windows}"));
            }
        }
    }
    assert_none(&failures);
}
