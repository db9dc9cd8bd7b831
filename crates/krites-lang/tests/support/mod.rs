//! What the tests over files share: models described in a comment, and
//! diagnostics as plain text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "helpers of tests, each used by some of them"
)]

// As the library reads them
#[path = "../../../krites/src/sheets/text.rs"]
mod csv_text;
#[path = "../../../krites/src/sheets/quotes.rs"]
mod quotes;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use krites_lang::{
    Answered, Answers, CellValue, Data, Diagnostic, Exact, Held, Id as _, KeyTable, ModelCall,
    ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource, ModuleProblem,
    ModuleSource, ModuleText, NoModels, Place, PolicyCall, PolicyFault, PolicyInterface,
    PolicyProblem, Program, Severity, Sheet, SheetProblem, SourceId, Sources, StatedCard,
    TrainingRange, analyse, check, declared_at, file_not_there, ir, parse_with_modules,
};

/// Models as the comments at the head of a file describe them:
///
/// ```text
/// # model models/x.onnx: input float[3] -> label integer, probabilities float[2] classes 0,1
/// # model models/z.onnx: age float -> p float with card owner, auc 0.75, age in 18 to 75
/// # model models/y.onnx: unusable: what is wrong; what to do; node
/// ```
#[derive(Default)]
pub(crate) struct StubModels {
    models: HashMap<String, Result<ModelInterface, ModelProblem>>,
    /// Other policies, each with all that stands behind it
    policies: BTreeMap<String, String>,
}

impl StubModels {
    pub(crate) fn of(text: &str) -> Self {
        let mut models = HashMap::new();
        for line in text.lines() {
            let Some((file, words)) = line
                .strip_prefix("# model ")
                .and_then(|rest| rest.split_once(": "))
            else {
                continue;
            };
            models.insert(file.to_owned(), described(words));
        }
        let policies = StubFiles::of(text).1.policies(text);
        Self { models, policies }
    }
}

fn described(words: &str) -> Result<ModelInterface, ModelProblem> {
    if let Some(problem) = words.strip_prefix("unusable: ") {
        let mut parts = problem.split("; ").map(str::to_owned);
        return Err(ModelProblem {
            headline: parts.next().unwrap(),
            help: parts.next().unwrap(),
            node: parts.next(),
        });
    }
    let (words, stated) = match words.split_once(" with card ") {
        Some((words, stated)) => (words, Some(stated)),
        None => (words, None),
    };
    let background = words.strip_suffix(" with background");
    let has_background = background.is_some();
    let (inputs, outputs) = background
        .unwrap_or(words)
        .split_once(" -> ")
        .expect("a model has inputs and outputs");
    let inputs: Vec<ModelInput> = inputs
        .split(", ")
        .map(|input| {
            let (name, element, width, columns) = tensor(input);
            ModelInput {
                name,
                element,
                width,
                columns,
            }
        })
        .collect();
    let card = stated.map(|stated| card(stated, &inputs));
    Ok(ModelInterface {
        inputs,
        outputs: outputs
            .split(", ")
            .map(|output| {
                let (name, element, width, classes) = tensor(output);
                ModelOutput {
                    name,
                    element,
                    width,
                    classes,
                }
            })
            .collect(),
        card,
        has_background,
    })
}

/// Reads `owner, limits of use, auc 0.75, age in 18 to 75, job in clerk/smith`: fields,
/// metrics with their value, and what columns held in training.
fn card(words: &str, inputs: &[ModelInput]) -> StatedCard {
    let mut card = StatedCard::default();
    for stated in words.split(", ") {
        if let Some((column, held)) = stated.split_once(" in ") {
            card.training.push(range(column, held, inputs));
            continue;
        }
        let metric = stated.rsplit_once(' ');
        match metric.and_then(|(name, value)| Some((name, Exact::parse(value).ok()?))) {
            Some((name, value)) => card.metrics.push((name.to_owned(), value)),
            None => card.fields.push(stated.to_owned()),
        }
    }
    card
}

/// Reads what a column held in training; a column that no input has is one of an input
/// behind the last.
fn range(column: &str, held: &str, inputs: &[ModelInput]) -> TrainingRange {
    let place = inputs.iter().enumerate().find_map(|(at, input)| {
        let named = input.columns.iter().position(|name| name == column);
        let named = named.or((input.name == column).then_some(0));
        let counted = || {
            let counted = column.strip_prefix(&input.name)?.strip_prefix('[')?;
            Some(counted.strip_suffix(']')?.parse::<usize>().unwrap() - 1)
        };
        named.or_else(counted).map(|column| (at, column))
    });
    let (input, column) = place.unwrap_or((inputs.len(), 0));
    let held = match held.split_once(" to ") {
        Some((low, high)) => Held::Between(Exact::parse(low).unwrap(), Exact::parse(high).unwrap()),
        None => Held::Texts(held.split('/').map(str::to_owned).collect()),
    };
    TrainingRange {
        input,
        column,
        held,
    }
}

/// Reads `name element[width] classes a,b`; an input has `columns`.
fn tensor(words: &str) -> (String, ir::Element, usize, Vec<String>) {
    let mut parts = words.split_whitespace();
    let name = parts.next().unwrap().to_owned();
    let ty = parts.next().expect("a tensor has a type");
    let (element, width) = match ty.split_once('[') {
        Some((element, width)) => (element, width.trim_end_matches(']').parse().unwrap()),
        None => (ty, 1),
    };
    let element = match element {
        "float" => ir::Element::Float,
        "double" => ir::Element::Double,
        "integer" => ir::Element::Integer,
        "boolean" => ir::Element::Boolean,
        "text" => ir::Element::Text,
        other => panic!("no element type `{other}`"),
    };
    let classes = match parts.next() {
        Some("classes" | "columns") => parts
            .next()
            .unwrap()
            .split(',')
            .map(str::to_owned)
            .collect(),
        Some(other) => panic!("`{other}` behind a tensor"),
        None => Vec::new(),
    };
    (name, element, width, classes)
}

impl ModelSource for StubModels {
    fn policy(&self, name: &str) -> Result<PolicyInterface, PolicyProblem> {
        let known = || self.policies.keys().cloned().collect();
        let text = self.policies.get(name);
        let text = text.ok_or_else(|| PolicyProblem::NotThere { known: known() })?;
        let policy = checked(name, text).1.ok_or(PolicyProblem::Broken)?;
        Ok(PolicyInterface::of(&policy))
    }

    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        self.models.get(file).cloned().unwrap_or_else(|| {
            Err(ModelProblem {
                headline: format!("there is no model file `{file}`"),
                node: None,
                help: "put the file into the release, or correct its name".to_owned(),
            })
        })
    }
}

/// Files that a policy uses, as they stand behind it in one text, those of names, those
/// of data, and the policies that it asks:
///
/// ```text
/// policy …
/// # module common/reasons.krites
/// reason R01 "…"
/// # file queues.csv
/// intent,queue
/// # policy affordability
/// policy affordability …
/// ```
#[derive(Default)]
pub(crate) struct StubFiles {
    modules: BTreeMap<String, String>,
    data: BTreeMap<String, String>,
    policies: BTreeMap<String, String>,
}

impl StubFiles {
    /// Cuts a text into the policy and its files.
    pub(crate) fn of(text: &str) -> (String, Self) {
        let mut policy = String::new();
        let mut files = Self::default();
        let mut file = &mut policy;
        for line in text.split_inclusive('\n') {
            let begun = |begin| {
                line.strip_prefix(begin)
                    .map(|path: &str| path.trim().to_owned())
            };
            if let Some(path) = begun("# module ") {
                file = files.modules.entry(path).or_default();
            } else if let Some(name) = begun("# policy ") {
                file = files.policies.entry(name).or_default();
            } else if let Some(path) = begun("# file ") {
                file = files.data.entry(path).or_default();
            } else {
                file.push_str(line);
            }
        }
        (policy, files)
    }

    /// The other policies by name, each with the models that `text` describes, and with
    /// all that stands behind it, itself aside.
    fn policies(&self, text: &str) -> BTreeMap<String, String> {
        let models = text.lines().filter(|line| line.starts_with("# model "));
        let models: String = models.map(|line| format!("{line}\n")).collect();
        let behind = |own: &str| -> String {
            let of = |kind: &str, files: &BTreeMap<String, String>| -> String {
                let files = files.iter().filter(|(name, _)| *name != own);
                files
                    .map(|(name, text)| format!("# {kind} {name}\n{text}"))
                    .collect()
            };
            let others = of("policy", &self.policies);
            of("module", &self.modules) + &of("file", &self.data) + &others
        };
        let policies = self.policies.iter();
        policies
            .map(|(name, text)| (name.clone(), format!("{models}{text}{}", behind(name))))
            .collect()
    }

    /// The data files by their paths.
    pub(crate) fn data(&self) -> &BTreeMap<String, String> {
        &self.data
    }
}

impl ModuleSource for StubFiles {
    fn module(&self, path: &str) -> Result<ModuleText, ModuleProblem> {
        match self.modules.get(path) {
            Some(text) => Ok(ModuleText {
                shown: path.to_owned(),
                bytes: text.clone().into_bytes(),
            }),
            None => Err(ModuleProblem::NotThere {
                known: self.modules.keys().cloned().collect(),
            }),
        }
    }

    /// Reads comma-separated values; `# file limits.xlsx sheet Limits` stands for a
    /// sheet of a workbook.
    fn sheet(&self, path: &str, name: Option<&str>) -> Result<Sheet, SheetProblem> {
        let sheets = self.data.keys().filter_map(|key| {
            let (file, sheet) = key.split_once(" sheet ")?;
            (file == path).then(|| sheet.to_owned())
        });
        let sheets: Vec<String> = sheets.collect();
        let (text, name) = match (self.data.get(path), name, sheets.as_slice()) {
            (Some(_), Some(_), _) => return Err(SheetProblem::HasNoSheets),
            (Some(text), None, _) => (text, None),
            (None, _, []) => {
                let known = self.data.keys().cloned().collect();
                return Err(SheetProblem::NotThere { known });
            }
            (None, None, [_, _, ..]) => return Err(SheetProblem::SeveralSheets { known: sheets }),
            (None, name, [first, ..]) => {
                let name = name.unwrap_or(first);
                match self.data.get(&format!("{path} sheet {name}")) {
                    Some(text) => (text, Some(name.to_owned())),
                    None => return Err(SheetProblem::NoSuchSheet { known: sheets }),
                }
            }
        };
        if !path.ends_with(".csv") && name.is_none() {
            return Err(SheetProblem::NotATable);
        }
        let read = csv_text::read(path, text.as_bytes())?;
        let mut sheet = Sheet::new(path, name);
        for (number, cells) in read.texts() {
            sheet.begin_row(number)?;
            for cell in &cells {
                sheet.push(CellValue::Text(cell))?;
            }
        }
        Ok(sheet)
    }
}

/// Reads and checks a policy text, with the files that it uses behind it.
pub(crate) fn checked(name: &str, text: &str) -> (Sources, Option<ir::Policy>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let (policy, files) = StubFiles::of(text);
    let source = sources.add(name, policy);
    let mut diagnostics = Vec::new();
    let file = parse_with_modules(&mut sources, source, &files, &mut diagnostics);
    let policy = check(&file, &StubModels::of(text), &mut diagnostics);
    let Some(policy) = policy else {
        return (sources, None, diagnostics);
    };
    let (_, mut mistakes) = loaded(&policy, &files);
    // Large tables are looked at where a test asks for it.
    if !policy.forbidden.is_empty() || policy.budget.is_some() {
        let found = analyse(&policy).into_iter();
        mistakes.extend(found.filter(|found| found.severity == Severity::Error));
    }
    let sound = mistakes.is_empty();
    diagnostics.extend(mistakes);
    (sources, Some(policy).filter(|_| sound), diagnostics)
}

/// What the files of data behind a policy hold for it.
pub(crate) fn data(policy: &ir::Policy, text: &str) -> Data {
    let (data, mistakes) = loaded(policy, &StubFiles::of(text).1);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    data
}

/// Answers of a policy's data and of the policies that it asks; every model fails
pub(crate) struct Alone {
    data: Data,
    pub(crate) asked: Vec<(Program, Alone)>,
}

impl Alone {
    pub(crate) fn of(policy: &ir::Policy, text: &str) -> Self {
        let texts = StubFiles::of(text).1.policies(text);
        let asked = policy.subpolicies.iter().map(|asked| {
            let text = &texts[&*asked.policy];
            let policy = checked(&asked.policy, text).1.unwrap();
            let alone = Alone::of(&policy, text);
            (Program::compile(policy), alone)
        });
        Self {
            data: data(policy, text),
            asked: asked.collect(),
        }
    }
}

impl Answers for Alone {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        NoModels.answer(call)
    }

    fn policy(&mut self, call: PolicyCall<'_>) -> Result<(), PolicyFault> {
        let (program, alone) = &mut self.asked[call.policy().position()];
        call.decide(program, alone)
    }

    fn data(&self) -> &Data {
        &self.data
    }
}

/// Loads the files that a policy names; tells what is wrong with them.
pub(crate) fn loaded(policy: &ir::Policy, files: &StubFiles) -> (Data, Vec<Diagnostic>) {
    let mut tables = HashMap::new();
    let mut mistakes = Vec::new();
    policy.each_file(&mut |declared, span| {
        let Some(text) = files.data.get(&*declared.path) else {
            let known: Vec<String> = files.data.keys().cloned().collect();
            mistakes.push(file_not_there(&declared.path, &known, span));
            return;
        };
        match KeyTable::load(declared, text.as_bytes()) {
            Ok(table) => {
                tables.insert(declared.clone(), Arc::new(table));
            }
            Err(found) => mistakes.extend(declared_at(found, span)),
        }
    });
    let data = Data::of(policy, |declared| tables.get(declared).cloned());
    if mistakes.is_empty() {
        mistakes.extend(data.check(policy));
    }
    (data, mistakes)
}

/// Writes diagnostics as `error[K0301] 12:5 headline`, label, evidence and help.
pub(crate) fn rendered(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let place = place(sources, &diagnostic.primary.place);
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        out.push_str(&format!(
            "{severity}[{}] {place} {}\n",
            diagnostic.code, diagnostic.headline
        ));
        let at = quoted(sources, &diagnostic.primary.place);
        if !at.is_empty() {
            out.push_str(&format!("    at {at}\n"));
        }
        if !diagnostic.primary.text.is_empty() {
            out.push_str(&format!("    label: {}\n", diagnostic.primary.text));
        }
        for evidence in &diagnostic.evidence {
            let place = self::place(sources, &evidence.place);
            out.push_str(&format!("    evidence {place}: {}\n", evidence.text));
        }
        if let Some(help) = &diagnostic.help {
            out.push_str(&format!("    help: {help}\n"));
        }
        if let Some(reason) = &diagnostic.accepted {
            out.push_str(&format!("    accepted: {reason}\n"));
        }
    }
    out
}

fn place(sources: &Sources, place: &Place) -> String {
    match place {
        Place::Text(span) if sources.cell(*span).is_some() => sources.describe(place),
        Place::Text(span) => {
            let source = sources.get(span.source).unwrap();
            let (line, column) = source.line_column(span.start);
            // The policy's own name goes without saying.
            match span.source {
                SourceId::FIRST => format!("{line}:{column}"),
                _ => format!("{}:{line}:{column}", source.name()),
            }
        }
        place => sources.describe(place),
    }
}

/// The underlined text on one line, long ones cut.
fn quoted(sources: &Sources, place: &Place) -> String {
    let Place::Text(span) = place else {
        return String::new();
    };
    let words: Vec<&str> = sources.text(*span).split_whitespace().collect();
    let text = words.join(" ");
    let short: String = text.chars().take(70).collect();
    match (text.is_empty(), short.len() < text.len()) {
        (true, _) => String::new(),
        (false, true) => format!("`{short}…`"),
        (false, false) => format!("`{short}`"),
    }
}
