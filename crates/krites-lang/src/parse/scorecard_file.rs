//! Scorecards whose features stand in a file, a row for each bin.

use std::collections::HashMap;

use super::card_cells::{as_rates, baseline, because};
use super::cells::RowCell;
use super::grammar::Rule;
use super::parts::part;
use super::reader::Reader;
use super::sheet::{ItemParts, SheetReader};
use crate::ast::{
    Bin, CardFile, ColumnPart, Expr, ExprKind, FeatureDecl, FeatureMap, Path, ScorecardDecl, Text,
    Written,
};
use crate::scan::span;
use crate::{Code, Diagnostic, Sources, Span, did_you_mean};

/// What the columns of a scorecard are
pub(super) const PARTS: ItemParts = ItemParts {
    item: "a scorecard",
    needed: &[ColumnPart::Feature, ColumnPart::Bin, ColumnPart::Points],
    spare: &[ColumnPart::Because, ColumnPart::Baseline],
};
/// The code of a feature whose rows stand apart
const APART: Code = Code(444);
/// The code of a feature that the policy names and the file lacks
const NO_SUCH_FEATURE: Code = Code(445);

/// Fills a scorecard from the cells of its file, which are among the sources; `None`
/// where they leave nothing to fill it with.
pub(crate) fn fill_scorecard(
    sources: &Sources,
    decl: &mut ScorecardDecl,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let from = decl.from.as_ref()?;
    let mut sheet = SheetReader::of_parts(sources, &from.file, PARTS, diagnostics)?;
    let mut card = Card {
        from,
        base: None,
        features: Vec::new(),
        seen: HashMap::new(),
        last: None,
        written: None,
        sound: sheet.has_parts(&from.file, PARTS),
    };
    let at = |part| sheet.position(part);
    let columns = (
        at(ColumnPart::Feature),
        at(ColumnPart::Bin),
        at(ColumnPart::Points),
        at(ColumnPart::Because),
        at(ColumnPart::Baseline),
    );
    if let (Some(feature), Some(bin), Some(points), because, baseline) = columns
        && card.sound
    {
        for row in 0..sheet.n_rows() {
            let row = sheet.row(row);
            let cell = |at: usize| row.cell(at);
            let row = Row {
                feature: cell(feature),
                bin: cell(bin),
                points: cell(points),
                because: because.map(cell),
                baseline: baseline.map(cell),
                span: row.span,
            };
            if card.row(sheet.reader(), &row).is_none() {
                card.sound = false;
            }
        }
        card.report_unseen(sheet.reader());
    }
    let Card {
        base,
        features,
        sound,
        ..
    } = card;
    sheet.finish(diagnostics);
    decl.features = features;
    if let Some(base) = base {
        decl.base = Some(base);
    }
    sound.then_some(())
}

/// The cells of a row
pub(super) struct Row {
    pub(super) feature: RowCell,
    pub(super) bin: RowCell,
    pub(super) points: RowCell,
    pub(super) because: Option<RowCell>,
    pub(super) baseline: Option<RowCell>,
    pub(super) span: Span,
}

/// A scorecard that is being filled
struct Card<'a> {
    from: &'a CardFile,
    base: Option<Expr>,
    features: Vec<FeatureDecl>,
    /// Each feature of the file, where it begins
    seen: HashMap<String, Span>,
    /// The feature that rows are being read of
    last: Option<String>,
    /// How percentages are written in its bins
    written: Option<Written>,
    sound: bool,
}

impl Card<'_> {
    /// Reads a row; `None` where something in it is wrong.
    fn row(&mut self, reader: &mut Reader<'_>, row: &Row) -> Option<()> {
        let text = reader.cell_text(&row.feature).to_owned();
        let place = span(reader.source, row.feature.start, row.feature.end);
        let is_next = !text.is_empty() && self.last.as_ref() != Some(&text);
        if is_next {
            let is_base = |(base, _): &&(Text, Span)| base.text == text;
            let before = self.seen.insert(text.clone(), place);
            self.last = Some(text.clone());
            if let Some(before) = before {
                self.report_apart(reader, &text, place, before);
                return None;
            }
            if self.from.base.as_ref().filter(is_base).is_some() {
                self.base = Some(reader.value_cell(&row.points));
                return Some(());
            }
            let map = self.map(&text);
            self.written = map.and_then(|map| map.written);
            let feature = self.feature(reader, &row.feature, &text, row.span)?;
            self.features.push(feature);
        } else if self.last.is_none() {
            reader.report_blank(place, "write the feature that the bin belongs to");
            return None;
        }
        let last = self.last.clone().unwrap_or_default();
        if let Some((base, _)) = &self.from.base
            && base.text == last
        {
            let first = self.seen.get(&last).copied().unwrap_or(place);
            reader.report_twice(&format!("`{last}`"), first, place);
            return None;
        }
        // A feature that could not be read takes no bins
        let feature = self.features.last_mut()?;
        let said =
            because(reader, row, feature).is_some() & baseline(reader, row, feature).is_some();
        let mut ignored = self
            .from
            .file
            .ignored_bins
            .iter()
            .flat_map(|bins| &bins.headers);
        if ignored.any(|bin| bin.text == reader.cell_text(&row.bin)) {
            return said.then_some(());
        }
        let bins = reader.bin_cell(&row.bin);
        let points = reader.value_cell(&row.points);
        let mut bins = bins?;
        if let Some(written) = self.written {
            bins.iter_mut()
                .for_each(|(test, _)| as_rates(test, written));
        }
        if let Some(last) = feature.bins.last().filter(|last| last.test.is_none()) {
            let last = last.span;
            let place = span(reader.source, row.bin.start, row.bin.end);
            reader.report_bin_behind(last, place);
            return None;
        }
        feature
            .bins
            .extend(bins.into_iter().map(|(test, place)| Bin {
                test,
                points: points.clone(),
                span: place,
            }));
        said.then_some(())
    }

    /// What the policy says of a feature.
    fn map(&self, text: &str) -> Option<&FeatureMap> {
        let mut maps = self.from.features.iter();
        maps.find(|map| map.feature.text == text)
    }

    /// Begins a feature: as the policy says, or as the cell does.
    fn feature(
        &self,
        reader: &mut Reader<'_>,
        cell: &RowCell,
        text: &str,
        span: Span,
    ) -> Option<FeatureDecl> {
        if let Some(map) = self.map(text) {
            let is_name = matches!(map.value.kind, ExprKind::Path(_));
            let name = Path {
                text: text.to_owned(),
                span: map.feature.span,
            };
            return Some(FeatureDecl {
                // A value that is a name gives the feature its own
                name: Some(name).filter(|_| !is_name && is_path(text)),
                value: map.value.clone(),
                because: map.because.clone(),
                baseline: map.baseline.clone(),
                bins: Vec::new(),
                span,
            });
        }
        let before = reader.diagnostics.len();
        let pair = reader.read(Rule::feature_cell, cell.start, cell.clone());
        let Some(pair) = pair else {
            for found in reader.diagnostics.get_mut(before..).unwrap_or_default() {
                found.help = Some(format!(
                    "say in the policy which value it is: `\"{text}\" = value`"
                ));
            }
            return None;
        };
        let name = part(&pair, Rule::path).map(|name| reader.path(&name));
        let value = part(&pair, Rule::expression)?;
        Some(FeatureDecl {
            name,
            value: reader.expression(value),
            because: None,
            baseline: None,
            bins: Vec::new(),
            span,
        })
    }

    fn report_apart(&self, reader: &mut Reader<'_>, text: &str, place: Span, before: Span) {
        reader.report(
            Diagnostic::error(
                APART,
                format!("the rows of `{text}` do not stand together"),
                place,
            )
            .evidence(before, "its first row")
            .help("put all rows of a feature under one another, in the order in which its bins are tried"),
        );
    }

    /// Reports features that the policy names and the file lacks.
    fn report_unseen(&mut self, reader: &mut Reader<'_>) {
        let named = self.from.features.iter().map(|map| &map.feature);
        let named = named.chain(self.from.base.as_ref().map(|(base, _)| base));
        let mut told: Vec<&Text> = Vec::new();
        for feature in named {
            if let Some(first) = told.iter().find(|first| first.text == feature.text) {
                let what = format!("`{}`", feature.text);
                reader.report_twice(&what, first.span, feature.span);
                self.sound = false;
            }
            told.push(feature);
            if self.seen.contains_key(&feature.text) {
                continue;
            }
            let mut known: Vec<&str> = self.seen.keys().map(String::as_str).collect();
            known.sort_unstable();
            let help = match did_you_mean(&feature.text, known.iter().copied()) {
                Some(close) => format!("did you mean `\"{close}\"`?"),
                None => "leave it out, or write it as the file does".to_owned(),
            };
            reader.report(
                Diagnostic::error(
                    NO_SUCH_FEATURE,
                    format!(
                        "`{}` has no feature `{}`",
                        self.from.file.file.text, feature.text
                    ),
                    feature.span,
                )
                .help(help),
            );
            self.sound = false;
        }
    }
}

/// Tells whether a text can be the name of a value: words with points between them.
fn is_path(text: &str) -> bool {
    text.split('.').all(|word| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        word.bytes().all(inner)
            && !word.starts_with(|sign: char| sign.is_ascii_digit())
            && !word.is_empty()
    })
}
