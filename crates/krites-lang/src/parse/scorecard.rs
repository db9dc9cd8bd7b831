//! `scorecard name base n { … }`

use std::ops::Range;
use std::sync::Arc;

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use super::scorecard_file::PARTS;
use crate::ast::{
    Bin, CardFile, Cell, CellKind, Expr, FeatureDecl, FeatureMap, Item, ScorecardDecl, Text,
    Written,
};
use crate::scan::Node;
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    pub(super) fn scorecard(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::scorecard_head, node, rest);
        let name = head.as_ref().and_then(|head| self.name_and_text(head).0);
        let base = head.as_ref().and_then(|head| part(head, Rule::base_points));
        let base = base.and_then(|base| self.sum_within(&base));
        if let Some(pair) = head.as_ref().and_then(|head| part(head, Rule::from_file)) {
            let from = self.card_in_file(&pair, base.as_ref(), node)?;
            return Some(Item::Scorecard(ScorecardDecl {
                name: name?,
                base,
                features: Vec::new(),
                from: Some(Box::new(from)),
                span: self.span_of(node),
            }));
        }
        let mut features = Vec::new();
        let mut broken = head.is_none();
        for entry in self.body(node, "scorecard")? {
            match self.feature(entry) {
                Some(feature) => features.push(feature),
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Scorecard(ScorecardDecl {
            name: name?,
            base,
            features,
            from: None,
            span: self.span_of(node),
        }))
    }

    /// The file of a scorecard whose features stand in one.
    fn card_in_file(
        &mut self,
        pair: &Pair<'_>,
        base: Option<&Expr>,
        node: &Node,
    ) -> Option<CardFile> {
        let block = node.body.as_deref();
        let is_feature = |entry: &&Node| entry.body.is_some();
        if let Some(feature) = block.unwrap_or_default().iter().find(is_feature) {
            let from = self.tight_span(pair);
            self.report_rows_here("features", feature, from);
            return None;
        }
        let mut base_row: Option<(Text, Span)> = None;
        let mut features = Vec::new();
        let file = self.file_and_more(
            pair,
            block,
            Rule::card_entry,
            |reader, cell| reader.part_column(cell, PARTS),
            |reader, entry| {
                let span = reader.tight_span(&entry);
                if entry.as_rule() == Rule::feature_map {
                    features.push(reader.feature_map(entry, span)?);
                    return Some(());
                }
                let row = part(&entry, Rule::text)?;
                let row = reader.quoted(&row);
                let first = base_row.as_ref().map(|(_, span)| *span);
                match first.or(base.map(|base| base.span)) {
                    Some(first) => reader.report_twice("`base`", first, span),
                    None => base_row = Some((row, span)),
                }
                Some(())
            },
        )?;
        Some(CardFile {
            file,
            base: base_row,
            features,
        })
    }

    /// Builds `"age_years" = applicant.age because R32 baseline 30`.
    fn feature_map(&mut self, pair: Pair<'_>, span: Span) -> Option<FeatureMap> {
        let feature = part(&pair, Rule::text)?;
        let feature = self.quoted(&feature);
        let because = part(&pair, Rule::because).and_then(|because| self.last_name(&because));
        let written = part(&pair, Rule::feature_rate);
        let written = written.and_then(|written| part(&written, Rule::rate_as));
        let written = written.map(|word| match word.as_str() {
            "fraction" => Written::Fraction,
            _ => Written::Percent,
        });
        let baseline = part(&pair, Rule::baseline);
        let baseline = baseline.and_then(|baseline| self.sum_within(&baseline));
        let value = part(&pair, Rule::expression)?;
        Some(FeatureMap {
            feature,
            value: self.expression(value),
            written,
            because,
            baseline,
            span,
        })
    }

    /// Builds a feature, a block within the scorecard's.
    fn feature(&mut self, entry: &Node) -> Option<FeatureDecl> {
        let bins = self.body(entry, "a feature of a scorecard")?;
        let pair = self.head(Rule::feature_head, entry, entry.head.clone())?;
        let mut name = None;
        let mut value = None;
        let mut because = None;
        let mut baseline = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::path => name = Some(self.path(&inner)),
                Rule::expression => value = Some(self.expression(inner)),
                Rule::because => because = self.last_name(&inner),
                Rule::baseline => baseline = self.sum_within(&inner),
                _ => {}
            }
        }
        let bins = self.bins(bins)?;
        Some(FeatureDecl {
            name,
            value: value?,
            because,
            baseline,
            bins,
            span: self.span_of(entry),
        })
    }

    fn bins(&mut self, entries: &[Node]) -> Option<Vec<Bin>> {
        let mut bins: Vec<Bin> = Vec::with_capacity(entries.len());
        let mut sound = true;
        for entry in entries {
            let place = self.span_of(entry);
            let pair = self.entry(Rule::bin_entry, entry);
            let Some(bin) = pair.and_then(|pair| self.bin(pair, place)) else {
                sound = false;
                continue;
            };
            if let Some(last) = bins.last().filter(|last| last.test.is_none()) {
                let last = last.span;
                self.report_bin_behind(last, place);
                sound = false;
            }
            bins.push(bin);
        }
        sound.then_some(bins)
    }

    fn bin(&mut self, pair: Pair<'_>, place: Span) -> Option<Bin> {
        let mut tests = Vec::new();
        let mut negated = false;
        let mut missing = false;
        let mut otherwise = false;
        let mut points = None;
        let mut test = place;
        for inner in pair.into_inner() {
            let span = self.tight_span(&inner);
            match inner.as_rule() {
                Rule::kw_missing => missing = true,
                Rule::kw_otherwise => otherwise = true,
                Rule::kw_not => negated = true,
                Rule::cell_test => tests.extend(self.one_test(&inner)),
                Rule::sum => {
                    points = Some(self.sum(inner));
                    continue;
                }
                _ => continue,
            }
            test.end = span.end;
        }
        let kind = match missing {
            true => CellKind::Missing,
            false => CellKind::Tests { negated, tests },
        };
        let cell = Cell {
            kind: Arc::new(kind),
            span: test,
        };
        Some(Bin {
            test: (!otherwise).then_some(cell),
            points: points?,
            span: place,
        })
    }

    pub(super) fn report_bin_behind(&mut self, otherwise: Span, after: Span) {
        self.report(
            Diagnostic::error(Code(156), "`otherwise` comes last among bins", after)
                .label("never reached")
                .evidence(otherwise, "this takes all that is left")
                .help("move `otherwise` behind it, and keep one"),
        );
    }

    fn sum_within(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        part(pair, Rule::sum).map(|sum| self.sum(sum))
    }
}
