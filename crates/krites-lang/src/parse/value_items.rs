//! `bands`, `calibration` and `cascade`.

use std::ops::Range;

use super::calibration_file::PARTS;
use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{
    self, Band, BandEdge, BandsDecl, CalibrationDecl, CascadeDecl, Course, Expr, FromFile, Item,
    Knot, Name, Resort, Try, TypeExpr,
};
use crate::scan::{Node, TokenKind};
use crate::{Code, Diagnostic, Span};

/// `name of value : type in range linear`
#[derive(Default)]
struct Head<'s> {
    name: Option<Name>,
    subject: Option<Expr>,
    ty: Option<TypeExpr>,
    range: Option<ast::Range>,
    steps: bool,
    from: Option<Pair<'s>>,
}

/// An entry of a calibration
enum Point {
    At(Knot),
    Missing(Expr, Span),
}

/// What a calibration's block says
#[derive(Default)]
struct Points {
    knots: Vec<Knot>,
    missing: Option<(Expr, Span)>,
}

impl<'s> Reader<'s> {
    pub(super) fn bands(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.value_head(Rule::bands_head, node, rest);
        let bands = self.all_parts(node, "bands", (Rule::bands_entry, Rule::band), Self::band)?;
        Some(Item::Bands(BandsDecl {
            name: head.name?,
            subject: head.subject?,
            ty: head.ty?,
            bands,
            span: self.span_of(node),
        }))
    }

    fn value_head(&mut self, rule: Rule, node: &Node, rest: Range<usize>) -> Head<'s> {
        let pair = self.head(rule, node, rest);
        let mut head = Head::default();
        for inner in pair.into_iter().flat_map(Pair::into_inner) {
            match inner.as_rule() {
                Rule::name => head.name = Some(self.name(&inner)),
                Rule::sum => head.subject = Some(self.sum(inner)),
                Rule::type_expr => head.ty = Some(self.type_expr(&inner)),
                Rule::in_range => head.range = self.in_range(&inner),
                Rule::course => head.steps = inner.as_str() == "steps",
                Rule::from_file => head.from = Some(inner),
                _ => {}
            }
        }
        head
    }

    /// Builds the parts of all entries of a block, each entry a list of them; `None`
    /// where one could not be read.
    fn all_parts<T>(
        &mut self,
        node: &Node,
        keyword: &str,
        (entry, one): (Rule, Rule),
        build: impl Fn(&mut Self, Pair<'_>, Span) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut all = Vec::new();
        let mut sound = true;
        for line in self.body(node, keyword)? {
            let Some(pair) = self.entry(entry, line) else {
                sound = false;
                continue;
            };
            for inner in pair.into_inner().filter(|inner| inner.as_rule() == one) {
                let span = self.tight_span(&inner);
                match build(self, inner, span) {
                    Some(built) => all.push(built),
                    None => sound = false,
                }
            }
        }
        sound.then_some(all)
    }

    fn band(&mut self, pair: Pair<'_>, span: Span) -> Option<Band> {
        let mut parts = pair.into_inner();
        let label = self.name(&parts.next()?);
        let edge = parts.next()?;
        let bound = part(&edge, Rule::sum).map(|bound| self.sum(bound));
        let edge = match (edge.as_rule(), bound) {
            (Rule::up_to_range, Some(bound)) => BandEdge::UpTo(bound),
            (Rule::band_from, Some(bound)) => BandEdge::From(bound),
            (Rule::band_below, Some(bound)) => BandEdge::Below(bound),
            (Rule::band_below, None) => BandEdge::RestBelow,
            (Rule::kw_missing, _) => BandEdge::Missing,
            _ => BandEdge::RestAbove,
        };
        Some(Band { label, edge, span })
    }

    pub(super) fn calibration(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.value_head(Rule::calibration_head, node, rest);
        let (points, from) = match &head.from {
            Some(pair) => (Points::default(), Some(self.points_in_file(pair, node)?)),
            None => (self.points(node)?, None),
        };
        Some(Item::Calibration(CalibrationDecl {
            name: head.name?,
            subject: head.subject?,
            ty: head.ty?,
            range: head.range,
            course: if head.steps {
                Course::Steps
            } else {
                Course::Linear
            },
            knots: points.knots,
            missing: points.missing,
            from: from.map(Box::new),
            span: self.span_of(node),
        }))
    }

    /// The points of a calibration's block, and `missing` among them.
    fn points(&mut self, node: &Node) -> Option<Points> {
        let points = (Rule::knots_entry, Rule::knot);
        let points = self.all_parts(node, "calibration", points, Self::point)?;
        let mut found = Points::default();
        for point in points {
            match (point, &found.missing) {
                (Point::At(knot), _) => found.knots.push(knot),
                (Point::Missing(value, span), None) => found.missing = Some((value, span)),
                (Point::Missing(_, span), Some((_, first))) => {
                    self.report_twice("`missing`", *first, span);
                }
            }
        }
        Some(found)
    }

    /// The file of a calibration whose points stand in one.
    fn points_in_file(&mut self, pair: &Pair<'_>, node: &Node) -> Option<FromFile> {
        let block = node.body.as_deref();
        let is_point = |entry: &&Node| {
            let mut tokens = self.tokens(entry.head.clone());
            tokens.any(|token| token.kind == TokenKind::Colon)
        };
        if let Some(point) = block.unwrap_or_default().iter().find(is_point) {
            let from = self.tight_span(pair);
            self.report_rows_here("points", point, from);
            return None;
        }
        self.file_of_item(pair, block, |reader, cell| reader.part_column(cell, PARTS))
    }

    fn point(&mut self, pair: Pair<'_>, span: Span) -> Option<Point> {
        let sums = pair
            .into_inner()
            .filter(|inner| inner.as_rule() == Rule::sum);
        let mut sums: Vec<Expr> = sums.map(|sum| self.sum(sum)).collect();
        let value = sums.pop()?;
        Some(match sums.pop() {
            Some(at) => Point::At(Knot { at, value, span }),
            None => Point::Missing(value, span),
        })
    }

    pub(super) fn cascade(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.value_head(Rule::cascade_head, node, rest);
        let mut tries = Vec::new();
        let mut otherwise: Option<Resort> = None;
        let mut broken = false;
        for entry in self.body(node, "cascade")? {
            let span = self.span_of(entry);
            let inner = self.entry(Rule::cascade_entry, entry);
            let Some(inner) = inner.and_then(|pair| pair.into_inner().next()) else {
                broken = true;
                continue;
            };
            if let Some(last) = &otherwise {
                let last = last.span;
                self.report_behind_otherwise(last, span);
                broken = true;
            }
            if inner.as_rule() == Rule::attempt {
                match self.attempt(&inner, span) {
                    Some(attempt) => tries.push(attempt),
                    None => broken = true,
                }
            } else {
                let value = part(&inner, Rule::expression).map(|value| self.expression(value));
                otherwise = Some(Resort { value, span });
            }
        }
        if broken {
            return None;
        }
        Some(Item::Cascade(CascadeDecl {
            name: head.name?,
            ty: head.ty?,
            tries,
            otherwise,
            span: self.span_of(node),
        }))
    }

    fn attempt(&mut self, pair: &Pair<'_>, span: Span) -> Option<Try> {
        let value = part(pair, Rule::expression).map(|value| self.expression(value));
        let when = part(pair, Rule::when).and_then(|when| self.when(&when));
        let fault_next = part(pair, Rule::fault_next).map(|next| self.tight_span(&next));
        Some(Try {
            value: value?,
            when,
            fault_next,
            span,
        })
    }

    fn report_behind_otherwise(&mut self, otherwise: Span, after: Span) {
        self.report(
            Diagnostic::error(Code(155), "`otherwise` comes last in a `cascade`", after)
                .label("never reached")
                .evidence(otherwise, "this takes all that is left")
                .help("move `otherwise` behind it, and keep one"),
        );
    }
}
