//! The distinct cells of a column of outputs. Whole and exact constants, of which a table
//! has as many as rows, are kept as numbers; all else is an expression.

use std::borrow::Cow;

use super::{Expr, ExprKind, Literal};
use crate::Exact;
use crate::place::Spans;
use crate::types::Ty;

/// The distinct cells of a column, in the order in which rows first have them
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// With anything where a cell is no such constant
    constants: Constants,
    /// Of the constants
    ty: Option<Ty>,
    spans: Spans,
    /// Positions of the others
    others_at: Vec<u32>,
    others: Vec<Expr>,
}

/// Constants of one type
#[derive(Clone, Debug)]
enum Constants {
    Integers(Vec<i64>),
    Exacts(Vec<Exact>),
}

impl Default for Constants {
    fn default() -> Self {
        Constants::Integers(Vec::new())
    }
}

impl Cells {
    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a cell by its position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Cow<'_, Expr>> {
        let position = u32::try_from(at).ok()?;
        if let Ok(other) = self.others_at.binary_search(&position) {
            return self.others.get(other).map(Cow::Borrowed);
        }
        let literal = match &self.constants {
            Constants::Integers(all) => Literal::Integer(*all.get(at)?),
            Constants::Exacts(all) => Literal::Exact(*all.get(at)?),
        };
        Some(Cow::Owned(Expr {
            kind: ExprKind::Literal(literal),
            ty: self.ty?,
            optional: false,
            span: self.spans.get(at)?,
        }))
    }

    /// Walks the cells in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Expr>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Returns the cells that are no whole or exact constants: all that name something or
    /// have parts are among them.
    #[must_use]
    pub fn others(&self) -> &[Expr] {
        &self.others
    }

    fn push(&mut self, cell: Expr) {
        let at = self.len();
        self.spans.push(cell.span);
        if !self.keep_number(at, &cell) {
            match &mut self.constants {
                Constants::Integers(all) => all.push(0),
                Constants::Exacts(all) => all.push(Exact::ZERO),
            }
            self.others_at.push(u32::try_from(at).unwrap_or(u32::MAX));
            self.others.push(cell);
        }
    }

    /// Keeps a constant as a number; tells whether it could.
    fn keep_number(&mut self, at: usize, cell: &Expr) -> bool {
        let ExprKind::Literal(literal) = &cell.kind else {
            return false;
        };
        if cell.optional || self.ty.is_some_and(|ty| ty != cell.ty) {
            return false;
        }
        if let (None, Literal::Exact(_)) = (self.ty, literal) {
            self.constants = Constants::Exacts(vec![Exact::ZERO; at]);
        }
        match (literal, &mut self.constants) {
            (Literal::Integer(value), Constants::Integers(all)) => all.push(*value),
            (Literal::Exact(value), Constants::Exacts(all)) => all.push(*value),
            _ => return false,
        }
        self.ty = Some(cell.ty);
        true
    }

    fn shrink(&mut self) {
        match &mut self.constants {
            Constants::Integers(all) => all.shrink_to_fit(),
            Constants::Exacts(all) => all.shrink_to_fit(),
        }
        self.spans.shrink();
        self.others_at.shrink_to_fit();
        self.others.shrink_to_fit();
    }
}

impl FromIterator<Expr> for Cells {
    fn from_iter<Items: IntoIterator<Item = Expr>>(cells: Items) -> Self {
        let mut all = Self::default();
        cells.into_iter().for_each(|cell| all.push(cell));
        all.shrink();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Cells;
    use crate::ir::{Expr, ExprKind, Literal};
    use crate::types::Ty;
    use crate::{Exact, SourceId, Span};

    fn cell(literal: Literal, ty: Ty, at: u32) -> Expr {
        let (source, start) = (SourceId::FIRST, at * 400);
        let end = start + 3 * at;
        Expr {
            kind: ExprKind::Literal(literal),
            ty,
            optional: false,
            span: Span { source, start, end },
        }
    }

    /// Cells are what they were; so many of them are kept as expressions.
    fn keeps(cells: &[Expr], n_others: usize) {
        let kept: Cells = cells.iter().cloned().collect();
        assert_eq!((kept.len(), kept.others().len()), (cells.len(), n_others));
        let shown = |cell: &Expr| format!("{cell:?}");
        let found: Vec<String> = kept.iter().map(|cell| shown(&cell)).collect();
        assert_eq!(found, cells.iter().map(shown).collect::<Vec<_>>());
        assert!(kept.get(cells.len()).is_none());
    }

    #[test]
    fn cells_are_kept_as_they_are() {
        let whole = |at: u32| cell(Literal::Integer(i64::from(at) - 2), Ty::Integer, at);
        let exact = |at: u32| cell(Literal::Exact(Exact::from_integer(7)), Ty::Decimal, at);
        let label = |at: u32| cell(Literal::Label(at), Ty::Integer, at);
        keeps(&[], 0);
        keeps(&(0..300).map(whole).collect::<Vec<_>>(), 0);
        keeps(&(0..300).map(exact).collect::<Vec<_>>(), 0);
        keeps(&[label(0), exact(1), label(2), exact(3)], 2);
        keeps(&[label(0), whole(1), label(2), exact(3)], 3);
        let optional = Expr {
            optional: true,
            ..whole(0)
        };
        keeps(&[optional, whole(1)], 1);
        let percent = Expr {
            ty: Ty::Percent,
            ..exact(1)
        };
        keeps(&[exact(0), percent], 1);
    }
}
