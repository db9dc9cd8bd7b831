//! Tables of all hit policies, and grids.

use krites_lang::ast::{CellKind, Collect, ColumnKind, ExprKind, Grid, HitPolicy, TableDecl};

use super::Census;

impl Census {
    pub(super) fn table(&mut self, table: &TableDecl) {
        self.see("table");
        match &table.grid {
            Some(grid) => self.grid(grid, table),
            None => self.see(match table.policy {
                HitPolicy::First => "table first match",
                HitPolicy::Unique => "table unique",
                HitPolicy::Any => "table any",
                HitPolicy::Priority => "table priority",
                HitPolicy::RuleOrder => "table rule order",
                HitPolicy::OutputOrder => "table output order",
                HitPolicy::Collect(Collect::List) => "table collect list",
                HitPolicy::Collect(Collect::Sum) => "table collect sum",
                HitPolicy::Collect(Collect::Min) => "table collect min",
                HitPolicy::Collect(Collect::Max) => "table collect max",
                HitPolicy::Collect(Collect::Count) => "table collect count",
                HitPolicy::Rank => "rank",
            }),
        }
        let validity = &table.validity;
        self.see_if(validity.off.is_some(), "table off");
        let dated = validity.from.is_some() || validity.until.is_some();
        self.see_if(dated, "table with days");
        for column in &table.columns {
            match &column.kind {
                ColumnKind::Id => self.see_if(table.grid.is_none(), "column id"),
                ColumnKind::Because => self.see("column because"),
                ColumnKind::Test(expr) => {
                    let named = matches!(expr.kind, ExprKind::Path(_));
                    self.see_if(!named, "column of an expression");
                    self.expr(expr);
                }
                ColumnKind::Off => self.see("column off"),
                ColumnKind::From => self.see("column from"),
                ColumnKind::Through => self.see("column through"),
                ColumnKind::Open => self.see("column open when"),
                ColumnKind::Part(_) | ColumnKind::Output(_) | ColumnKind::Error => {}
            }
        }
        for output in &table.outputs {
            self.ty(&output.ty);
            self.see_if(output.value.is_some(), "output of all rows");
            output.value.iter().for_each(|value| self.expr(value));
        }
        if let Some(ranking) = &table.ranking {
            self.see_if(ranking.at_least.is_some(), "rank at least");
            self.see_if(ranking.at_most.is_some(), "rank at most");
            ranking.at_least.iter().for_each(|floor| self.expr(floor));
        }
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        cells.for_each(|cell| self.cell(cell));
    }

    fn grid(&mut self, grid: &Grid, table: &TableDecl) {
        self.see("grid");
        self.see_if(grid.corner, "grid with a corner");
        let heads = grid.lines.iter().map(|line| &line.head).chain(&grid.across);
        for head in heads {
            let rest = matches!(*head.kind, CellKind::Otherwise);
            self.see_if(rest, "head otherwise");
        }
        let given = table.outputs.len() + usize::from(table.because.is_some());
        for cell in grid.lines.iter().flat_map(|line| &line.cells) {
            self.see_if(cell.values.len() < given, "values of a cell left out");
        }
    }
}
