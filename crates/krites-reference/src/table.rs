//! Tables, by the words of the specification.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use krites_lang::ast::{Collect, HitPolicy};
use krites_lang::ir::{ExprKind, Literal, Ranking, Row, RowNeeds, Table};
use krites_lang::{Id as _, TableId, Ty};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::run::{Found, NEW, Run};
use crate::{Fault, Value};

/// Which rows of a table count
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    /// None: the table does not hold on the day
    Off,
    /// One row
    Row(usize),
    /// All of these, in this order
    Rows(Vec<usize>),
}

impl Chosen {
    /// Their positions.
    pub(crate) fn rows(&self) -> Vec<usize> {
        match self {
            Chosen::Off => Vec::new(),
            Chosen::Row(row) => vec![*row],
            Chosen::Rows(rows) => rows.clone(),
        }
    }
}

impl<'p> Run<'p, '_> {
    /// The rows of a table that count.
    pub(crate) fn chosen(&mut self, id: TableId) -> Found<Chosen> {
        if let Some(Some(known)) = self.rows.get(id.position()) {
            return known.clone();
        }
        let chosen = self.choose(id);
        if matches!(chosen, Err(NEW)) {
            return chosen;
        }
        if let Some(place) = self.rows.get_mut(id.position()) {
            *place = Some(chosen.clone());
        }
        chosen
    }

    fn choose(&mut self, id: TableId) -> Found<Chosen> {
        let policy = self.policy;
        let table = &policy.tables[id];
        if !self.holds(&table.validity) {
            return Ok(Chosen::Off);
        }
        for column in &table.columns {
            if let Some(subject) = column.subject {
                self.named(subject)?;
            }
        }
        let mut matching = Vec::new();
        for (position, row) in table.rows.iter().enumerate() {
            let counts = match row.otherwise {
                true => self.holds(&row.validity) && matching.is_empty(),
                false => self.holds(&row.validity) && self.matches(table, row)?,
            };
            if counts {
                matching.push(position);
            }
            if counts && table.policy == HitPolicy::First {
                break;
            }
        }
        if let Some(ranking) = &table.ranking {
            return self.ranked_rows(id, ranking, matching).map(Chosen::Rows);
        }
        let first = matching.first().copied();
        match table.policy {
            HitPolicy::RuleOrder | HitPolicy::Rank | HitPolicy::Collect(_) => {
                return Ok(Chosen::Rows(matching));
            }
            HitPolicy::OutputOrder => {
                // Most severe first; a stable sort leaves ties as they are written
                matching.sort_by_key(|row| std::cmp::Reverse(severity(table, *row)));
                return Ok(Chosen::Rows(matching));
            }
            HitPolicy::First | HitPolicy::Unique | HitPolicy::Any | HitPolicy::Priority => {}
        }
        let Some(first) = first else {
            return Err(self.fault(Fault::NoRow(Arc::clone(&table.name))));
        };
        match (table.policy, matching.get(1)) {
            (HitPolicy::Unique, Some(other)) => {
                let [one, other] = [first, *other].map(|row| name(table, row));
                let table = Arc::clone(&table.name);
                Err(self.fault(Fault::RowsMatch(table, one, other)))
            }
            (HitPolicy::Any, _) => self.all_the_same(id, table, &matching),
            (HitPolicy::Priority, _) => {
                let most = matching.iter().map(|row| severity(table, *row)).max();
                let mut rows = matching.iter();
                let row = rows.find(|row| Some(severity(table, **row)) == most);
                Ok(Chosen::Row(row.copied().unwrap_or(first)))
            }
            _ => Ok(Chosen::Row(first)),
        }
    }

    /// The rows of a rank that are kept, in its order.
    fn ranked_rows(
        &mut self,
        id: TableId,
        ranking: &'p Ranking,
        open: Vec<usize>,
    ) -> Found<Vec<usize>> {
        self.open.insert(id, open.clone());
        let floor = match &ranking.at_least {
            Some(floor) => self.value(floor)?,
            None => None,
        };
        let mut valued = Vec::new();
        for row in open {
            if let Some(value) = self.cell_of(id, row, ranking.by as usize)? {
                valued.push((value, row));
            }
        }
        // Rows of one value stay as they are written
        valued.sort_by(|(one, _), (other, _)| other.order(one).unwrap_or(Ordering::Equal));
        if let Some(floor) = &floor {
            valued.retain(|(value, _)| value.order(floor) != Some(Ordering::Less));
        }
        valued.truncate(ranking.at_most.map_or(usize::MAX, |most| most as usize));
        Ok(valued.into_iter().map(|(_, row)| row).collect())
    }

    /// Binds what is read of a row: models' answers, then outputs in their order.
    pub(crate) fn bring_to_hand(&mut self, id: TableId, row: usize, needs: &RowNeeds) -> Found<()> {
        let policy = self.policy;
        let table = &policy.tables[id];
        for model in &needs.models {
            self.answer(*model, 0)?;
        }
        let open = self.open.get(&id).cloned().unwrap_or_default();
        let at = match self.stated {
            true => row,
            false => open.iter().position(|open| *open == row).unwrap_or(0),
        };
        for model in &needs.models {
            let Some(each) = &policy.models[*model].each else {
                continue;
            };
            for (give, local) in each.answers.iter().enumerate() {
                let value = self.answer_for_row(*model, at, give)?;
                self.bind_local(*local, value);
            }
        }
        for output in &needs.outputs {
            let value = self.cell_by_itself(table, row, *output as usize)?;
            let found = table.outputs.get(*output as usize);
            if let Some(local) = found.and_then(|found| found.at_hand) {
                self.bind_local(local, value);
            }
        }
        Ok(())
    }

    fn matches(&mut self, table: &'p Table, row: Row<'p>) -> Found<bool> {
        for test in table.tests(row) {
            if !self.truth(test)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The first of rows that must all give the same.
    fn all_the_same(&mut self, id: TableId, table: &'p Table, matching: &[usize]) -> Found<Chosen> {
        let mut expected: Option<(usize, Vec<Option<Value>>)> = None;
        for row in matching {
            let mut values = Vec::new();
            for output in 0..table.outputs.len() {
                values.push(self.cell_of(id, *row, output)?);
            }
            let because = |row: usize| table.rows.because(row);
            match &expected {
                None => expected = Some((*row, values)),
                Some((first, expected)) => {
                    if because(*first) != because(*row) || *expected != values {
                        let [one, other] = [*first, *row].map(|row| name(table, row));
                        let table = Arc::clone(&table.name);
                        return Err(self.fault(Fault::RowsDiffer(table, one, other)));
                    }
                }
            }
        }
        let Some((first, values)) = expected else {
            return self.broken("no row to compare");
        };
        for (output, value) in (0..).zip(values) {
            self.cells.insert((id, output), Ok(value));
        }
        Ok(Chosen::Row(first))
    }

    /// The value of a cell; nothing where it is `-`.
    fn cell_of(&mut self, id: TableId, row: usize, output: usize) -> Found<Option<Value>> {
        let policy = self.policy;
        let table = &policy.tables[id];
        if table.ranking.is_some() {
            let output = u32::try_from(output).unwrap_or(u32::MAX);
            self.bring_to_hand(id, row, &policy.needs_of_output(id, output))?;
        }
        self.cell_by_itself(table, row, output)
    }

    fn cell_by_itself(
        &mut self,
        table: &'p Table,
        row: usize,
        output: usize,
    ) -> Found<Option<Value>> {
        let (Some(row), Some(found)) = (table.rows.get(row), table.outputs.get(output)) else {
            return self.broken("no such cell");
        };
        match table.cell(row, output) {
            Some(Cow::Borrowed(cell)) => self.declared(cell, found.ty),
            Some(Cow::Owned(cell)) => match &cell.kind {
                ExprKind::Literal(literal) => self.declared_constant(literal, found.ty),
                _ => self.broken("a cell that is no constant"),
            },
            None => Ok(None),
        }
    }

    /// An output of a table, computed when it is asked for.
    pub(crate) fn cell(&mut self, id: TableId, output: u32) -> Found<Option<Value>> {
        if let Some(known) = self.cells.get(&(id, output)) {
            return known.clone();
        }
        let value = self.output_of(id, output as usize);
        if value == Err(NEW) {
            return value;
        }
        // Rows of which all give the same are compared when they are chosen
        self.cells.entry((id, output)).or_insert(value).clone()
    }

    /// What all rows that count give, missing values included: a list, computed as a
    /// whole when it is asked for.
    pub(crate) fn given_by_rows(&mut self, id: TableId, output: u32) -> Found<Vec<Option<Value>>> {
        if let Some(known) = self.lists.get(&(id, output)) {
            return known.clone();
        }
        let values = self.chosen(id).and_then(|chosen| {
            let rows = chosen.rows().into_iter();
            rows.map(|row| self.cell_of(id, row, output as usize))
                .collect()
        });
        self.lists.insert((id, output), values.clone());
        values
    }

    fn output_of(&mut self, id: TableId, output: usize) -> Found<Option<Value>> {
        let policy = self.policy;
        let table = &policy.tables[id];
        let rows = match self.chosen(id)? {
            Chosen::Off => return Ok(None),
            Chosen::Row(row) => return self.cell_of(id, row, output),
            Chosen::Rows(rows) => rows,
        };
        let HitPolicy::Collect(how) = table.policy else {
            return self.broken("a list is no value");
        };
        if how == Collect::Count {
            let count = BigRational::from_integer(BigInt::from(rows.len()));
            return Ok(Some(Value::Number(count)));
        }
        let mut so_far: Option<Value> = None;
        for row in rows {
            let Some(value) = self.cell_of(id, row, output)? else {
                continue;
            };
            so_far = Some(match so_far {
                None => value,
                Some(so_far) => self.together(table, output, how, so_far, value)?,
            });
        }
        let Some(found) = table.outputs.get(output) else {
            return self.broken("no such output");
        };
        match so_far {
            Some(value) => Ok(Some(value)),
            None if found.ty.optional => Ok(None),
            None if how != Collect::Sum => Err(self.fault(Fault::NoRow(Arc::clone(&table.name)))),
            None if found.ty.ty == Ty::Duration => Ok(Some(Value::Duration(BigInt::from(0)))),
            None => Ok(Some(Value::Number(BigRational::from_integer(
                BigInt::from(0),
            )))),
        }
    }

    /// What two values come to.
    fn together(
        &mut self,
        table: &'p Table,
        output: usize,
        how: Collect,
        one: Value,
        other: Value,
    ) -> Found<Value> {
        let found = table.outputs.get(output);
        let Some(ty) = found.map(|found| found.ty.ty) else {
            return self.broken("no such output");
        };
        let wanted = match how {
            Collect::Sum => {
                let cells = found.iter().flat_map(|found| found.cells.others());
                let goes_on = found
                    .is_some_and(|found| found.ty.places.is_none() && !found.ty.minor_unit)
                    && cells
                        .into_iter()
                        .any(|cell| self.reference.quotients.goes_on(cell));
                return match (one, other) {
                    (Value::Number(one), Value::Number(other)) => {
                        Ok(Value::Number(self.kept(ty, one + other, goes_on)?))
                    }
                    (Value::Duration(one), Value::Duration(other)) => {
                        let sum = BigRational::from_integer(one + other);
                        Ok(Value::Duration(self.kept(ty, sum, false)?.to_integer()))
                    }
                    _ => self.broken("a sum of no numbers"),
                };
            }
            Collect::Min => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        Ok(match other.order(&one) == Some(wanted) {
            true => other,
            false => one,
        })
    }
}

/// How severe the label is that a row begins with.
fn severity(table: &Table, row: usize) -> Option<u32> {
    let cell = table.cell(table.rows.get(row)?, 0)?;
    match &cell.kind {
        ExprKind::Literal(Literal::Label(label)) => Some(*label),
        _ => None,
    }
}

fn name(table: &Table, row: usize) -> Arc<str> {
    let row = table.rows.get(row);
    row.map_or_else(|| "?".into(), |row| row.id.into())
}
