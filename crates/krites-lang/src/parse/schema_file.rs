//! Inputs that stand in a file, a row for each.

use std::collections::{HashMap, HashSet};

use super::cells::RowCell;
use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use super::sheet::{ItemParts, SheetReader};
use crate::ast::{
    ColumnPart, InputDecl, InputEntry, InputField, Path, Range, Text, TypeExpr, TypeKind,
};
use crate::scan::span;
use crate::{Code, Diagnostic, Sources, Span, did_you_mean};

/// What the columns of a schema are
pub(super) const PARTS: ItemParts = ItemParts {
    item: "a schema",
    needed: &[ColumnPart::Name, ColumnPart::Type],
    spare: &[ColumnPart::Range, ColumnPart::Unit, ColumnPart::Meaning],
};
/// The code of an input that stands in place of none
const NO_SUCH_INPUT: Code = Code(447);
/// The code of a file of headers alone
const NO_INPUTS: Code = Code(449);
/// The code of a currency that is not that of the type
const OTHER_CURRENCY: Code = Code(448);

/// Fills inputs from the cells of their file, which are among the sources; `None`
/// where they leave nothing to fill them with.
pub(crate) fn fill_inputs(
    sources: &Sources,
    decl: &mut InputDecl,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let from = decl.from.as_ref()?;
    let mut sheet = SheetReader::of_parts(sources, from, PARTS, diagnostics)?;
    let mut sound = sheet.has_parts(from, PARTS);
    let at = |part| sheet.position(part);
    let columns = at(ColumnPart::Name).zip(at(ColumnPart::Type));
    let spare = [ColumnPart::Range, ColumnPart::Unit, ColumnPart::Meaning].map(at);
    if let Some((name, ty)) = columns.filter(|_| sound) {
        let own: HashMap<&str, &InputEntry> = decl.entries.iter().filter_map(by_name).collect();
        let mut known = HashSet::new();
        for row in 0..sheet.n_rows() {
            let row = sheet.row(row);
            let cell = |at: usize| row.cell(at);
            let [range, unit, meaning] = spare.map(|at| at.map_or(0..0, cell));
            let reader = sheet.reader();
            let written = reader.cell_text(&cell(name));
            // A series has its bounds behind its name
            let of_series = written.split('[').next().unwrap_or(written);
            known.insert(of_series.trim().replace('`', ""));
            let Some(field) = reader.schema_row(&Row {
                name: cell(name),
                ty: cell(ty),
                range,
                unit,
                meaning,
                span: row.span,
            }) else {
                sound = false;
                continue;
            };
            let entry = match own.get(field.path.text.as_str()) {
                Some(own) => (*own).clone(),
                None => InputEntry::Field(field),
            };
            decl.in_file.push(entry);
        }
        if sheet.n_rows() == 0 {
            let headers = sheet.header();
            let diagnostic = Diagnostic::error(
                NO_INPUTS,
                format!("`{}` has no inputs", from.file.text),
                headers,
            );
            sheet
                .reader()
                .report(diagnostic.help("add a row for each input under the headers"));
            sound = false;
        }
        for entry in &decl.entries {
            if let InputEntry::Field(field) = entry
                && !known.contains(&field.path.text)
            {
                report_unknown(sheet.reader(), &from.file, &field.path, &known);
                sound = false;
            }
        }
    }
    sheet.finish(diagnostics);
    sound.then_some(())
}

fn by_name(entry: &InputEntry) -> Option<(&str, &InputEntry)> {
    match entry {
        InputEntry::Field(field) => Some((field.path.text.as_str(), entry)),
        InputEntry::Group(_) => None,
    }
}

/// Reports a line that stands in place of no input of the file.
fn report_unknown(reader: &mut Reader<'_>, file: &Text, path: &Path, known: &HashSet<String>) {
    let mut names: Vec<&str> = known.iter().map(String::as_str).collect();
    names.sort_unstable();
    let help = match did_you_mean(&path.text, names) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "put inputs that are not in the file into an `input { … }` of their own".to_owned(),
    };
    reader.report(
        Diagnostic::error(
            NO_SUCH_INPUT,
            format!("`{}` has no input `{}`", file.text, path.text),
            path.span,
        )
        .help(help),
    );
}

/// The cells of a row, blank where there is no such column
struct Row {
    name: RowCell,
    ty: RowCell,
    range: RowCell,
    unit: RowCell,
    meaning: RowCell,
    span: Span,
}

impl<'s> Reader<'s> {
    fn schema_row(&mut self, row: &Row) -> Option<InputField> {
        let name = self.part_of_row(Rule::name_cell, &row.name, "write the name of the input");
        let mut path = None;
        let mut series = Some(None);
        if let Some(pair) = name {
            path = part(&pair, Rule::path).map(|path| self.path(&path));
            series = match part(&pair, Rule::series) {
                Some(found) => self.series(&found).map(Some),
                None => Some(None),
            };
        }
        let unit = self.said(&row.unit);
        let ty = self.type_of_row(&row.ty, unit.as_ref());
        let range = match self.said(&row.range) {
            None => Some(None),
            Some(_) => self.range_of_row(&row.range).map(Some),
        };
        let doc = self.said(&row.meaning);
        Some(InputField {
            path: path?,
            series: series?,
            ty: ty?,
            range: range?,
            missing_when: None,
            model_only: None,
            private: None,
            default: None,
            default_empty: None,
            wire: None,
            doc,
            span: row.span,
        })
    }

    /// Reads a cell that must say something.
    fn part_of_row(&mut self, rule: Rule, cell: &RowCell, help: &str) -> Option<Pair<'s>> {
        if cell.is_empty() {
            self.report_blank(span(self.source, cell.start, cell.end), help);
            return None;
        }
        self.read(rule, cell.start, cell.clone())
    }

    fn range_of_row(&mut self, cell: &RowCell) -> Option<Range> {
        let pair = self.read(Rule::range_cell, cell.start, cell.clone())?;
        part(&pair, Rule::range).map(|range| self.range(&range))
    }

    /// Builds a type; `money` alone has its currency in the column of units.
    fn type_of_row(&mut self, cell: &RowCell, unit: Option<&Text>) -> Option<TypeExpr> {
        let place = span(self.source, cell.start, cell.end);
        let text = self.cell_text(cell);
        let bare = text.strip_suffix('?').unwrap_or(text).trim_end();
        if let ("money", Some(unit)) = (bare, unit) {
            return Some(TypeExpr {
                kind: TypeKind::Money {
                    currency: Path {
                        text: unit.text.clone(),
                        span: unit.span,
                    },
                    unrounded: false,
                },
                optional: text.ends_with('?'),
                span: place,
            });
        }
        let help = "write its type, such as `integer` or `percent`";
        let pair = self.part_of_row(Rule::type_cell, cell, help)?;
        let ty = part(&pair, Rule::type_expr).map(|ty| self.type_expr(&ty))?;
        if let (TypeKind::Money { currency, .. }, Some(unit)) = (&ty.kind, unit)
            && currency.text != unit.text
        {
            self.report(
                Diagnostic::error(
                    OTHER_CURRENCY,
                    format!(
                        "the type says `{}`, the unit `{}`",
                        currency.text, unit.text
                    ),
                    unit.span,
                )
                .evidence(currency.span, "the currency of the type")
                .help("write the currency once: `money` as the type, and the currency as its unit"),
            );
            return None;
        }
        Some(ty)
    }

    /// Returns what a cell says; a blank one and `-` say nothing.
    fn said(&self, cell: &RowCell) -> Option<Text> {
        let text = self.cell_text(cell);
        let found = Text {
            text: text.to_owned(),
            span: span(self.source, cell.start, cell.end),
        };
        Some(found).filter(|_| !matches!(text, "" | "-"))
    }
}
