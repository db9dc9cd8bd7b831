//! Which of a table's rows count: what each hit policy asks of outputs and rows.

use super::{Checker, codes};
use crate::ast::{self, Collect, ColumnKind, HitPolicy};
use crate::ir;
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// Tells whether a table's outputs, columns and cells are those that its hit
    /// policy can work with.
    pub(super) fn fits_policy(&mut self, decl: &ast::TableDecl, table: &ir::Table) -> bool {
        let fits = match decl.policy {
            HitPolicy::Priority | HitPolicy::OutputOrder => self.fits_severity(decl, table),
            HitPolicy::Collect(Collect::Count) => self.fits_count(decl, table),
            HitPolicy::Collect(how @ (Collect::Sum | Collect::Min | Collect::Max)) => {
                self.collects(decl, table, how)
            }
            HitPolicy::Unique | HitPolicy::First | HitPolicy::Any => true,
            HitPolicy::RuleOrder | HitPolicy::Rank | HitPolicy::Collect(Collect::List) => true,
        };
        fits && self.may_be_off(decl, table)
    }

    /// The first output says which row is most severe: before anything is computed.
    fn fits_severity(&mut self, decl: &ast::TableDecl, table: &ir::Table) -> bool {
        let (Some(output), Some(first)) = (decl.outputs.first(), table.outputs.first()) else {
            return true;
        };
        let words = decl.policy.words();
        let ordered = matches!(first.ty.ty, Ty::Enum(id) if self.enums[id].ordered);
        // A table of one row that may be off gives nothing then; its rows give labels
        let may_be_off = decl.policy == HitPolicy::Priority && !table.validity.is_always();
        let may_be_missing = first.ty.optional && !may_be_off;
        if !ordered || may_be_missing {
            let found = match may_be_missing {
                true => "a value that may be missing".to_owned(),
                false => self.words(first.ty.ty),
            };
            self.report(
                Diagnostic::error(
                    codes::POLICY_OF_SEVERITY,
                    format!("`{words}` goes by the first output, which is {found}"),
                    output.ty.span,
                )
                .evidence(decl.policy_span, format!("`{words}` is said here"))
                .help("begin with an output of an enum whose labels stand in order: `enum Outcome { approve < refer }`"),
            );
            return false;
        }
        let computed: Vec<Span> = first
            .cells
            .others()
            .iter()
            .filter(|cell| label(cell).is_none())
            .map(|cell| cell.span)
            .collect();
        let blank = table.rows.iter();
        let blank = blank.filter(|row| row.values.get(0).is_none());
        let blank: Vec<Span> = blank.map(|row| row.span).collect();
        for span in &blank {
            self.report(
                Diagnostic::error(
                    codes::POLICY_OF_SEVERITY,
                    format!("`{words}` goes by the first output, and this row gives none"),
                    *span,
                )
                .evidence(decl.policy_span, format!("`{words}` is said here"))
                .help("write a label in place of `-`; `?` stands for the days on which the table is off"),
            );
        }
        for span in &computed {
            self.report(
                Diagnostic::error(
                    codes::POLICY_OF_SEVERITY,
                    format!("`{words}` goes by labels, not by what is computed"),
                    *span,
                )
                .evidence(decl.policy_span, format!("`{words}` is said here"))
                .help("write a label, and a row for each"),
            );
        }
        computed.is_empty() && blank.is_empty()
    }

    fn fits_count(&mut self, decl: &ast::TableDecl, table: &ir::Table) -> bool {
        let mut wrong: Vec<(Span, &str, &str)> = Vec::new();
        let write = "write `collect count -> n : integer`";
        for (output, found) in decl.outputs.iter().zip(&table.outputs) {
            let missing = found.ty.optional && table.validity.is_always();
            if found.ty.ty != Ty::Integer || missing {
                wrong.push((
                    output.ty.span,
                    "a count of rows is a whole number, always",
                    write,
                ));
            }
        }
        if let Some(second) = decl.outputs.get(1) {
            wrong.push((second.name.span, "`collect count` gives one number", write));
        }
        for column in &decl.columns {
            if matches!(column.kind, ColumnKind::Output(_)) {
                let help = "leave out the column";
                wrong.push((column.span, "`collect count` counts rows, not cells", help));
            }
        }
        for (row, found) in decl.rows.iter().zip(table.rows.iter()) {
            if found.otherwise {
                let headline = "a row for the rest would be counted where none matches";
                wrong.push((row.span, headline, "leave out the row"));
            }
        }
        let counts = wrong.is_empty();
        for (span, headline, help) in wrong {
            self.report(Diagnostic::error(codes::COUNTS_ROWS, headline, span).help(help));
        }
        self.without_reasons(decl) && counts
    }

    /// Outputs that are summed or compared are numbers, or times.
    fn collects(&mut self, decl: &ast::TableDecl, table: &ir::Table, how: Collect) -> bool {
        let mut sound = true;
        for (output, found) in decl.outputs.iter().zip(&table.outputs) {
            let ty = found.ty.ty;
            let (fits, help) = match how {
                Collect::Sum => (
                    ty.is_number() || ty == Ty::Duration,
                    "sum numbers, percentages, money or durations",
                ),
                _ => (
                    ty.is_ordered(),
                    "compare numbers, percentages, money, dates, datetimes or durations",
                ),
            };
            if !fits {
                let (words, found) = (decl.policy.words(), self.words(ty));
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_COLLECT,
                        format!("`{words}` makes nothing of {found}"),
                        output.ty.span,
                    )
                    .evidence(decl.policy_span, format!("`{words}` is said here"))
                    .help(help),
                );
                sound = false;
            }
        }
        self.without_reasons(decl) && sound
    }

    /// What is made of many rows has no row, and so no row's reason.
    fn without_reasons(&mut self, decl: &ast::TableDecl) -> bool {
        let Some(because) = decl.because else {
            return true;
        };
        let words = decl.policy.words();
        self.report(
            Diagnostic::error(
                codes::NO_REASON_COLLECTED,
                format!("`{words}` gives no reason, as it gives no row"),
                because,
            )
            .help("leave out `because`, or collect a list: `collect list`"),
        );
        false
    }

    /// What one row gives, or all of them come to, is missing on the days on which the
    /// table does not hold.
    fn may_be_off(&mut self, decl: &ast::TableDecl, table: &ir::Table) -> bool {
        if table.validity.is_always() || decl.policy.gives_lists() {
            return true;
        }
        let outputs = decl.outputs.iter().zip(&table.outputs);
        let bare: Vec<_> = outputs.filter(|(_, found)| !found.ty.optional).collect();
        for (output, _) in &bare {
            self.report(
                Diagnostic::error(
                    codes::MISSING_WHILE_OFF,
                    format!(
                        "`{}.{}` is missing while the table does not hold",
                        decl.name.text, output.name.text
                    ),
                    output.ty.span,
                )
                .evidence(decl.name.span, "this table is off, or has days of its own")
                .help("put a `?` behind the type"),
            );
        }
        bare.is_empty()
    }

    /// Tells whether a row with cells `otherwise` is the table's row for the rest.
    pub(super) fn is_rest(
        &mut self,
        decl: &ast::TableDecl,
        row: &ast::TableRow,
        number: usize,
        n_otherwise: usize,
    ) -> bool {
        let columns = decl.columns.iter();
        let tests = columns.filter(|column| matches!(column.kind, ColumnKind::Test(_)));
        let (headline, help) = if n_otherwise != tests.count() {
            (
                "`otherwise` stands in all cells of tests, or in none",
                "write `any` where the row tests nothing, or `otherwise` in each cell",
            )
        } else if number != decl.rows.len() {
            (
                "a row for the rest comes last",
                "move it to the end of the table",
            )
        } else {
            return true;
        };
        self.report(Diagnostic::error(codes::OTHERWISE_ROW, headline, row.span).help(help));
        false
    }
}

/// The label that a cell is.
fn label(cell: &ir::Expr) -> Option<u32> {
    match &cell.kind {
        ir::ExprKind::Literal(ir::Literal::Label(label)) => Some(*label),
        _ => None,
    }
}
