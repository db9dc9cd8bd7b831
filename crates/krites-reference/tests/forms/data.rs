//! Lookups and lists from files: the files are written at random, and looked through
//! row by row.

use std::fmt::Write as _;

use krites_lang::ir::ListValues;
use krites_lang::{Date, Exact, KeyTable, Program};
use krites_reference::generate::Choose;
use krites_reference::{Both, Files, Given};

use super::{CASES, case, compiled, decided, each_of_form, outputs, shown};

/// A type of a key, a column or a list; its values are numbers here
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Whole,
    Tenths,
    /// In tenths of a hundredth
    Percent,
    /// In pence
    Pounds,
    Colour,
    Word,
    Truth,
    Day,
    /// In hours
    Wait,
}

const KEYS: &[Ty] = &[Ty::Word, Ty::Whole, Ty::Day, Ty::Colour];
const LISTED: &[Ty] = &[Ty::Word, Ty::Whole, Ty::Tenths, Ty::Day];
const ALL: &[Ty] = &[
    Ty::Whole,
    Ty::Tenths,
    Ty::Percent,
    Ty::Pounds,
    Ty::Colour,
    Ty::Word,
    Ty::Truth,
    Ty::Day,
    Ty::Wait,
];
const COLOURS: &[(&str, &str)] = &[
    ("red", "red"),
    ("green", "GR-1"),
    ("blue", "bl, ue"),
    ("grey", "grey"),
];
const WORDS: &[&str] = &[
    "car",
    "Car",
    "car park",
    " padded ",
    "say \"no\"",
    "a,b;c",
    "straße",
    "PARK",
];

fn word(value: i64) -> String {
    let known = usize::try_from(value).ok().and_then(|at| WORDS.get(at));
    known.map_or_else(|| format!("w{value}"), |word| (*word).to_owned())
}

impl Ty {
    fn declared(self) -> &'static str {
        match self {
            Ty::Whole => "integer",
            Ty::Tenths => "decimal(1)",
            Ty::Percent => "percent",
            Ty::Pounds => "money(GBP)",
            Ty::Colour => "Colour",
            Ty::Word => "text",
            Ty::Truth => "boolean",
            Ty::Day => "date",
            Ty::Wait => "duration",
        }
    }

    /// A value; of a wide type one of two hundred, so that some are met again.
    fn any(self, choose: &mut Choose<'_>) -> i64 {
        match self {
            Ty::Colour => choose.between(0, 3),
            Ty::Truth => choose.between(0, 1),
            Ty::Word if choose.percent(40) => choose.between(0, 7),
            Ty::Word | Ty::Day => choose.between(0, 199),
            Ty::Wait => choose.between(0, 99),
            Ty::Whole | Ty::Tenths | Ty::Percent | Ty::Pounds => choose.between(-40, 160),
        }
    }

    /// A value as the policy writes it
    fn written(self, value: i64) -> String {
        match self {
            Ty::Whole => value.to_string(),
            Ty::Tenths => shown(value, 1),
            Ty::Percent => format!("{}%", shown(value, 1)),
            Ty::Pounds => shown(value, 2),
            Ty::Colour => COLOURS[usize::try_from(value).unwrap()].0.to_owned(),
            Ty::Word => format!("{:?}", word(value)),
            Ty::Truth => (value == 1).to_string(),
            Ty::Day => format!("2026-{:02}-{:02}", value / 28 + 1, value % 28 + 1),
            Ty::Wait => format!("({value} hours)"),
        }
    }

    /// A value as a file has it, in one of its spellings
    fn filed(self, value: i64, choose: &mut Choose<'_>) -> String {
        let digits = |text: String, choose: &mut Choose<'_>| match choose.below(4) {
            0 if text.contains('.') => format!("{text}0"),
            1 if !text.contains('.') => format!("{text}.0"),
            _ => text,
        };
        match self {
            Ty::Colour => COLOURS[usize::try_from(value).unwrap()].1.to_owned(),
            Ty::Word => word(value),
            // More digits than the type has are a mistake, zeros among them or not
            Ty::Pounds if value % 100 == 0 => digits(shown(value, 2), choose),
            Ty::Percent => format!("{}%", digits(shown(value, 1), choose)),
            Ty::Wait => match choose.below(3) {
                0 => format!("PT{value}H"),
                1 => format!("{} minutes", value * 60),
                _ => format!("{value} hours"),
            },
            ty => ty.written(value),
        }
    }

    fn given(self, value: i64) -> Given {
        let exact = |text: String| Given::Exact(Exact::parse(&text).unwrap());
        match self {
            Ty::Whole => Given::Integer(value),
            Ty::Tenths => exact(shown(value, 1)),
            Ty::Percent => exact(shown(value, 3)),
            Ty::Pounds => exact(shown(value, 2)),
            Ty::Colour => Given::Label(u32::try_from(value).unwrap()),
            Ty::Word => Given::Text(word(value)),
            Ty::Truth => Given::Boolean(value == 1),
            Ty::Day => Given::Date(Date::parse(&self.written(value)).unwrap()),
            Ty::Wait => Given::Duration(value * 3_600_000_000),
        }
    }

    /// A value as an output is shown
    fn shown(self, value: i64) -> String {
        match self {
            Ty::Percent => shown(value, 3),
            Ty::Colour => format!("label {value}"),
            Ty::Wait => format!("{} microseconds", value * 3_600_000_000),
            ty => ty.written(value),
        }
    }
}

/// A column: its name, its type, and whether it may be empty
struct Column {
    name: String,
    ty: Ty,
    optional: bool,
}

/// Rows by their keys, each once
type Rows = Vec<(i64, Vec<Option<i64>>)>;

fn rows(key: Ty, columns: &[Column], all_labels: bool, choose: &mut Choose<'_>) -> Rows {
    let many = if choose.percent(10) { 300 } else { 12 };
    let mut keys: Vec<i64> = (0..choose.below(many)).map(|_| key.any(choose)).collect();
    if all_labels {
        keys.extend(0..4);
    }
    let mut rows = Rows::new();
    for key in keys {
        if rows.iter().any(|(known, _)| *known == key) {
            continue;
        }
        let values = columns.iter().map(|column| {
            let empty = column.optional && choose.percent(25);
            (!empty).then(|| column.ty.any(choose))
        });
        rows.push((key, values.collect()));
    }
    rows
}

/// Writes a file: columns in an order of its own, among others that nobody names.
fn file(key: (&str, Ty), columns: &[Column], rows: &Rows, choose: &mut Choose<'_>) -> String {
    let mut order: Vec<usize> = (0..columns.len() + 1).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, choose.below(at + 1));
    }
    // One that no column of the policy stands for
    let other = choose.percent(40).then(|| choose.below(order.len() + 1));
    let separator = choose.word(&[",", ",", ";", "\t"]);
    let line_end = choose.word(&["\n", "\n", "\r\n"]);
    let mut text = choose.word(&["", "", "\u{feff}"]).to_owned();
    let mut line = |fields: Vec<String>, others: &[&str], choose: &mut Choose<'_>| {
        let mut fields: Vec<String> = fields.into_iter().map(|text| field(text, choose)).collect();
        if let Some(at) = other {
            fields.insert(at, choose.word(others).to_owned());
        }
        text.push_str(&fields.join(separator));
        text.push_str(line_end);
        if choose.percent(10) {
            text.push_str(&separator.repeat(fields.len() - 1));
            text.push_str(line_end);
        }
    };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let header = order.iter().map(|at| match at.checked_sub(1) {
        None => key.0.to_owned(),
        Some(at) => names[at].to_owned(),
    });
    line(header.collect(), &["of no use", "\"1, 2; 3\t4\""], choose);
    for (value, values) in rows {
        let fields: Vec<String> = order
            .iter()
            .map(|at| match at.checked_sub(1) {
                None => key.1.filed(*value, choose),
                Some(at) => match values[at] {
                    Some(value) => columns[at].ty.filed(value, choose),
                    None => String::new(),
                },
            })
            .collect();
        line(fields, &["", "x y", "\"1, 2; 3\t4\""], choose);
    }
    if choose.percent(30) {
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
    }
    text
}

/// A field, in quotes where it has to be and sometimes where it has not.
fn field(text: String, choose: &mut Choose<'_>) -> String {
    let needs_quotes = text.contains([',', ';', '\t', '"']) || text.trim() != text;
    if needs_quotes || (!text.is_empty() && choose.percent(10)) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    let blanks = choose.word(&["", "", "", " "]);
    match text.is_empty() {
        true => text,
        false => format!("{blanks}{text}{blanks}"),
    }
}

/// The file of the policy's only lookup or list is right.
fn assert_loads(program: &Program, file: &str) {
    let policy = program.policy();
    let lists = policy
        .named_lists
        .iter()
        .filter_map(|list| match &list.values {
            ListValues::File(declared) => Some(declared),
            ListValues::Constants(_) => None,
        });
    let lookups = policy.lookups.iter().map(|lookup| &lookup.file);
    for declared in lists.chain(lookups) {
        if let Err(problems) = KeyTable::load(declared, file.as_bytes()) {
            panic!("{file}\n{problems:#?}");
        }
    }
}

const HEAD: &str = "policy forms { version \"1\" }\nenum Outcome { good < bad }\n\
    enum Colour { red, green = \"GR-1\", blue = \"bl, ue\", grey }\n";
const DECIDE: &str =
    "decide outcome : Outcome most severe { rule rest otherwise then good }\noutput {\n";

#[test]
fn lookups() {
    let (mut found, mut none, mut empty, mut faults) = (0, 0, 0, 0);
    each_of_form("lookup", |choose| {
        let key = *choose.one(KEYS).unwrap();
        let columns: Vec<Column> = (0..=choose.below(4))
            .map(|position| Column {
                name: format!("c{position}"),
                ty: *choose.one(ALL).unwrap(),
                optional: choose.percent(40),
            })
            .collect();
        let all_labels = key == Ty::Colour && choose.percent(50);
        let rows = rows(key, &columns, all_labels, choose);
        let file = file(("k", key), &columns, &rows, choose);
        let stand_ins: Vec<i64> = columns.iter().map(|column| column.ty.any(choose)).collect();
        let fails = choose.percent(25);
        // Such a file would be refused: without `if none` each label has a row
        let whole = |column: &Column| key != Ty::Colour || column.optional || all_labels;

        let mut text = HEAD.to_owned();
        let declared: Vec<String> = columns
            .iter()
            .map(|column| {
                let question = if column.optional { "?" } else { "" };
                format!("{} : {}{question}", column.name, column.ty.declared())
            })
            .collect();
        let (ty, declared) = (key.declared(), declared.join(", "));
        writeln!(
            text,
            "lookup data from \"data/rows.csv\" key k : {ty} -> {declared}\ninput {{ x : {ty} }}"
        )
        .unwrap();
        text.push_str(DECIDE);
        text.push_str("    found : boolean = x in lookup data\n");
        text.push_str("    lost : boolean = x not in lookup data\n");
        for (column, stand_in) in columns.iter().zip(&stand_ins) {
            let (name, ty) = (&column.name, column.ty.declared());
            let stand_in = column.ty.written(*stand_in);
            if whole(column) {
                writeln!(text, "    {name} : {ty}? = data(x).{name}").unwrap();
            }
            writeln!(
                text,
                "    or_{name} : {ty} = data(x).{name} if none {stand_in}"
            )
            .unwrap();
            if all_labels && !column.optional {
                writeln!(text, "    sure_{name} : {ty} = data(x).{name}").unwrap();
            }
        }
        if fails {
            let ty = columns[0].ty.declared();
            writeln!(text, "    must : {ty} = data(x).c0 if none fault").unwrap();
        }
        text.push_str("}\n");

        let program = compiled(&text);
        let files = Files::from([("data/rows.csv".to_owned(), file.clone())]);
        assert_loads(&program, &file);
        let mut both = Both::with_files(&program, &files);
        for _ in 0..CASES {
            let value = match choose.one(&rows) {
                Some((key, _)) if choose.percent(70) => *key,
                _ => key.any(choose),
            };
            let case = case(&program, "2026-01-01", &[("x", key.given(value))]);
            let row = rows.iter().find(|(key, _)| *key == value);
            let row = row.map(|(_, values)| values);
            let mut expected = vec![row.is_some().to_string(), row.is_none().to_string()];
            for (position, column) in columns.iter().enumerate() {
                let cell = row.and_then(|values| values[position]);
                empty += usize::from(row.is_some() && cell.is_none());
                let shown = |value: i64| column.ty.shown(value);
                if whole(column) {
                    expected.push(cell.map_or("-".to_owned(), shown));
                }
                expected.push(shown(cell.unwrap_or(stand_ins[position])));
                if all_labels && !column.optional {
                    expected.push(shown(cell.unwrap()));
                }
            }
            if fails {
                match row.and_then(|values| values[0]) {
                    Some(value) => expected.push(columns[0].ty.shown(value)),
                    None => expected = vec!["fault".to_owned()],
                }
            }
            found += usize::from(row.is_some());
            none += usize::from(row.is_none());
            faults += usize::from(expected.len() == 1);
            let verdict = decided(&mut both, &text, &case);
            assert_eq!(outputs(&verdict), expected, "{text}\n{file}\n{value}");
        }
    });
    assert!(found > 0 && none > 0 && empty > 0 && faults > 0);
}

#[test]
fn lists() {
    let (mut listed, mut worded, mut neither) = (0, 0, 0);
    each_of_form("list from a file", |choose| {
        let ty = *choose.one(LISTED).unwrap();
        let rows = rows(ty, &[], false, choose);
        let file = file(("values", ty), &[], &rows, choose);
        let column = choose.word(&["", " column \"values\""]);
        let name = if column.is_empty() { "values" } else { "known" };
        let mut text = HEAD.to_owned();
        writeln!(
            text,
            "list {name} : {} from \"values.csv\"{column}\ninput {{ x : {}; t : text }}",
            ty.declared(),
            ty.declared()
        )
        .unwrap();
        text.push_str(DECIDE);
        writeln!(text, "    listed : boolean = x in list {name}").unwrap();
        writeln!(text, "    not_listed : boolean = x not in list {name}").unwrap();
        if ty == Ty::Word {
            writeln!(text, "    worded : boolean = t contains a word in {name}").unwrap();
        }
        text.push_str("}\n");

        let program = compiled(&text);
        let files = Files::from([("values.csv".to_owned(), file.clone())]);
        assert_loads(&program, &file);
        let mut both = Both::with_files(&program, &files);
        for _ in 0..CASES {
            let value = match choose.one(&rows) {
                Some((key, _)) if choose.percent(50) => *key,
                _ => ty.any(choose),
            };
            let speech = speech(choose);
            let given = [("x", ty.given(value)), ("t", Given::Text(speech.clone()))];
            let case = case(&program, "2026-01-01", &given);
            let is_listed = rows.iter().any(|(key, _)| *key == value);
            let mut expected = vec![is_listed.to_string(), (!is_listed).to_string()];
            listed += usize::from(is_listed);
            if ty == Ty::Word {
                let has_one = rows.iter().any(|(key, _)| has(&speech, &word(*key)));
                expected.push(has_one.to_string());
                worded += usize::from(has_one);
                neither += usize::from(!has_one);
            }
            let verdict = decided(&mut both, &text, &case);
            assert_eq!(
                outputs(&verdict),
                expected,
                "{text}\n{file}\n{value} {speech:?}"
            );
        }
    });
    assert!(listed > 0 && worded > 0 && neither > 0);
}

/// A few words in a row, with signs between them.
fn speech(choose: &mut Choose<'_>) -> String {
    let mut text = String::new();
    for _ in 0..choose.below(6) {
        text.push_str(choose.word(&["", " ", ", ", "-", "(", "...", "\u{a0}"]));
        let word = word(Ty::Word.any(choose));
        text.push_str(&match choose.below(3) {
            0 => word.to_uppercase(),
            1 => format!("{word}s"),
            _ => word,
        });
        text.push_str(choose.word(&["", " ", " ", "!"]));
    }
    text
}

/// Tells whether the words of an entry stand in a text, one behind the other.
fn has(text: &str, entry: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let runs = text.split(|sign: char| !sign.is_alphanumeric());
        let runs = runs.filter(|run| !run.is_empty());
        runs.map(str::to_lowercase).collect()
    };
    let (text, entry) = (words(text), words(entry));
    text.windows(entry.len()).any(|found| found == entry)
}
