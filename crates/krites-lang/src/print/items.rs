//! Items, one after the other.

use super::expr::{self, whole};
use super::lines::{Entry, Writer};
use super::phrase::{COLUMNS, Phrase, width};
use super::suffix::rounding;
use super::table::one_line_table;
use super::{lookup, names, types};
use crate::ast::{
    Budget, EnumDecl, EnumLabel, ExprKind, FunctionDecl, Item, ListValues, NamedListDecl,
    OutputEntry, OutputPart, PolicyHeader, ReasonDecl, ReasonsDecl, RecordedValue, UseDecl,
};

impl Writer<'_> {
    /// Writes an item that begins at `at`. One on a line stands together with the
    /// one before where that is of its kind.
    pub(super) fn item(&mut self, item: &Item, at: u32) {
        match item {
            Item::Policy(header) => self.block().policy(header, at),
            Item::Reason(reason) => self.line(item, at, self::reason(reason)),
            Item::Use(decl) => self.line(item, at, use_decl(decl)),
            Item::List(list) => self.line(item, at, named_list(list)),
            Item::Lookup(decl) => self.line(item, at, lookup::lookup(decl)),
            Item::Always(always) => self.line(item, at, super::decide::always(always)),
            Item::Forbid(decl) => self.line(item, at, super::forbid::forbid(decl)),
            Item::Accept(decl) => self.line(item, at, super::accept::accept(decl)),
            Item::Enum(decl) => match self.one_line_enum(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().enum_decl(decl, at),
            },
            Item::Record(record) => self.block().record(record, at),
            Item::Function(function) => match one_line_function(function) {
                Some(line) => self.line(item, at, line),
                None => self.block().function(function, at),
            },
            Item::Input(decl) => match super::fields::one_line_input(decl) {
                Some(line) => self.line(item, at, line),
                None => self.block().input(decl, at),
            },
            Item::Define(definitions) => self.block().define(definitions, at),
            Item::Bands(decl) => match self.one_line_bands(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().bands(decl, at),
            },
            Item::Calibration(decl) => match self.one_line_calibration(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().calibration(decl, at),
            },
            Item::Cascade(decl) => self.block().cascade(decl, at),
            Item::Scorecard(decl) => match super::scorecard::one_line_scorecard(decl) {
                Some(line) => self.line(item, at, line),
                None => self.block().scorecard(decl, at),
            },
            Item::Columns(columns) => match self.one_line_columns(columns, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().columns(columns, at),
            },
            Item::Model(model) => self.block().model(model, at),
            Item::Subpolicy(decl) => self.block().subpolicy(decl, at),
            Item::Table(table) => match one_line_table(table) {
                Some(line) => self.line(item, at, line),
                None => self.block().table(table, at),
            },
            Item::Rules(set) => self.block().rules(set, at),
            Item::Decide(decide) => self.block().decide(decide, at),
            Item::Output(entries) => self.block().output(entries, at),
            Item::Shadow(decl) => self.block().shadow(decl, at),
            Item::Reasons(reasons) => self.block().reasons(reasons, at),
            Item::Example(example) => self.block().example(example, at),
            Item::Test(test) => self.block().test(test, at),
            Item::Error { .. } => self.block().unread(),
        }
    }

    /// Writes an item that stands on one line.
    fn line(&mut self, item: &Item, at: u32, line: Entry) {
        self.begin_item(Some(std::mem::discriminant(item)));
        self.entry(at, line);
    }

    /// Begins an item of several lines.
    fn block(&mut self) -> &mut Self {
        self.begin_item(None);
        self
    }

    fn policy(&mut self, header: &PolicyHeader, at: u32) {
        self.open(
            at,
            titled("policy", &header.name.text, header.title.as_ref()),
        );
        let texts = [
            ("version", &header.version),
            ("owner", &header.owner),
            ("time zone", &header.time_zone),
        ];
        for (word, text) in texts {
            if let Some(text) = text {
                let value = Phrase::from(names::text(&text.text).as_str());
                self.entry(text.span.start, entry([word], value));
            }
        }
        if let Some((mode, span)) = header.rounding {
            self.entry(
                span.start,
                entry(["rounding"], Phrase::from(rounding(mode))),
            );
        }
        if let Some(on_fault) = &header.on_fault {
            self.entry(
                on_fault.span.start,
                entry(["on fault"], super::decide::leads_to(on_fault)),
            );
        }
        if let Some(budget) = &header.budget {
            self.entry(budget.span.start, entry(["budget"], self::budget(budget)));
        }
        self.close(at);
    }

    fn one_line_enum(&self, decl: &EnumDecl, at: u32) -> Option<Entry> {
        let labels = decl.labels.iter().map(|label| label.name.span.start);
        let noted = self.is_noted(at, labels);
        let mut line = enum_head(decl);
        line.push(" {");
        for (at, label) in decl.labels.iter().enumerate() {
            let separator = if decl.ordered { " < " } else { ", " };
            line.push(if at > 0 { separator } else { " " });
            line.push(&names::used(&label.name.text));
            let value = label_value(label);
            if !value.flat().is_empty() {
                line.push(" ");
                line.push(value.flat());
            }
        }
        line.push(" }");
        let fits = !noted && width(line.flat()) <= COLUMNS;
        fits.then(|| alone(line))
    }

    fn enum_decl(&mut self, decl: &EnumDecl, at: u32) {
        self.open(at, enum_head(decl));
        for (position, label) in decl.labels.iter().enumerate() {
            let mut value = label_value(label);
            if decl.ordered && position + 1 < decl.labels.len() {
                value.push(if value.flat().is_empty() { "<" } else { " <" });
            }
            let name = names::used(&label.name.text);
            self.entry(label.name.span.start, entry([name.as_ref()], value));
        }
        self.close(at);
    }

    fn function(&mut self, function: &FunctionDecl, at: u32) {
        let mut head = function_head(function);
        head.push(" =");
        self.open(at, head);
        for binding in &function.bindings {
            let name = names::declared(&binding.name.text);
            let line = super::fields::defined(&name, binding.ty.as_ref(), &binding.value);
            self.entry(binding.span.start, line);
        }
        let mut value = Phrase::default();
        whole(&function.value, &mut value);
        self.entry(function.value.span.start, alone(value));
        self.close(at);
    }

    fn output(&mut self, entries: &[OutputEntry], at: u32) {
        self.open(at, Phrase::from("output"));
        for entry in entries {
            let (condition, parts) = entry.parts();
            if let (Some(condition), OutputEntry::When { span, .. }) = (condition, entry) {
                let mut head = Phrase::from("when ");
                whole(condition, &mut head);
                self.open(span.start, head);
            }
            for part in parts {
                match part {
                    OutputPart::Field(field) => self.output_field(field),
                    OutputPart::Record(record) => self.recorded(record),
                }
            }
            if let OutputEntry::When { span, .. } = entry {
                self.close(span.start);
            }
        }
        self.close(at);
    }

    fn recorded(&mut self, record: &RecordedValue) {
        let mut line = Phrase::from("record ");
        expr::element(&record.path.text, record.index, &mut line);
        if record.if_asked.is_some() {
            line.push(" if asked");
        }
        self.entry(record.span.start, alone(line));
    }

    fn reasons(&mut self, reasons: &ReasonsDecl, at: u32) {
        let head = match reasons.at_most {
            Some((count, _)) => format!("reasons at most {count}"),
            None => "reasons".to_owned(),
        };
        self.open(at, Phrase::from(head.as_str()));
        for owed in &reasons.entries {
            let mut outcomes = Phrase::from("for ");
            names::list(&owed.outcomes, &mut outcomes);
            outcomes.push(" : rules that spoke");
            for then in &owed.then {
                super::scorecard::then(then, &mut outcomes);
            }
            self.entry(owed.span.start, alone(outcomes));
        }
        self.close(at);
    }
}

/// Makes an entry of words under one another and a value.
pub(super) fn entry<const N: usize>(columns: [&str; N], value: Phrase) -> Entry {
    Entry {
        columns: columns.into_iter().map(Phrase::from).collect(),
        parts: vec![value],
    }
}

/// Makes an entry that is under nothing.
pub(super) fn alone(line: Phrase) -> Entry {
    Entry {
        columns: Vec::new(),
        parts: vec![line],
    }
}

/// Writes an item's first words, and its title.
pub(super) fn titled(word: &str, name: &str, title: Option<&crate::ast::Text>) -> Phrase {
    let mut head = Phrase::from(word);
    head.push(" ");
    head.push(&names::declared(name));
    if let Some(title) = title {
        head.push(" ");
        head.push(&names::text(&title.text));
    }
    head
}

fn reason(reason: &ReasonDecl) -> Entry {
    let head = titled("reason", &reason.code.text, None);
    let text = Phrase::from(names::text(&reason.text.text).as_str());
    let Some(customer) = &reason.customer else {
        return Entry {
            columns: vec![head],
            parts: vec![text],
        };
    };
    let mut part = Phrase::from("customer ");
    part.push(&names::text(&customer.text));
    Entry {
        columns: vec![head, text],
        parts: vec![part],
    }
}

fn budget(budget: &Budget) -> Phrase {
    let mut value = Phrase::default();
    let parts = [(budget.steps, "step"), (budget.model_calls, "model call")];
    let parts = parts
        .into_iter()
        .filter_map(|(most, thing)| Some((most?, thing)));
    for (at, (most, thing)) in parts.enumerate() {
        expr::separate(at, &mut value);
        let many = if most == 1 { "" } else { "s" };
        value.push(&format!(
            "{} {thing}{many}",
            names::number(&most.to_string())
        ));
    }
    value
}

fn use_decl(decl: &UseDecl) -> Entry {
    let mut line = Phrase::from("use ");
    names::list(&decl.names, &mut line);
    line.push(" from ");
    line.push(&names::text(&decl.from.text));
    alone(line)
}

fn named_list(list: &NamedListDecl) -> Entry {
    let mut line = Phrase::default();
    match &list.values {
        ListValues::File(file) => lookup::list_file(file, &mut line),
        ListValues::Written(values) => {
            line.push("= ");
            for (at, value) in values.iter().enumerate() {
                expr::separate(at, &mut line);
                match &value.kind {
                    ExprKind::Text(word) if names::is_plain(word) && !word.contains('.') => {
                        line.push(word);
                    }
                    _ => whole(value, &mut line),
                }
            }
        }
    }
    Entry {
        columns: vec![titled("list", &list.name.text, None)],
        parts: vec![line],
    }
}

fn enum_head(decl: &EnumDecl) -> Phrase {
    titled("enum", &decl.name.text, None)
}

fn label_value(label: &EnumLabel) -> Phrase {
    let mut value = Phrase::default();
    if let Some(wire) = &label.wire {
        value.push("= ");
        value.push(&names::text(&wire.text));
    }
    if let Some((code, _)) = label.code {
        let blank = if label.wire.is_some() { " " } else { "" };
        value.push(&format!("{blank}code {code}"));
    }
    value
}

fn function_head(function: &FunctionDecl) -> Phrase {
    let mut head = titled("function", &function.name.text, None);
    head.open("(");
    for (at, parameter) in function.parameters.iter().enumerate() {
        expr::separate(at, &mut head);
        head.push(&names::declared(&parameter.name.text));
        head.push(" : ");
        types::write(&parameter.ty, &mut head);
        super::fields::in_range(parameter.range.as_ref(), &mut head);
    }
    head.close(")");
    head.push(" : ");
    types::write(&function.ty, &mut head);
    head
}

/// Writes a function without values of its own, where it fits on a line.
fn one_line_function(function: &FunctionDecl) -> Option<Entry> {
    if !function.bindings.is_empty() {
        return None;
    }
    let mut line = function_head(function);
    line.push(" = ");
    whole(&function.value, &mut line);
    (width(line.flat()) <= COLUMNS).then(|| alone(line))
}
