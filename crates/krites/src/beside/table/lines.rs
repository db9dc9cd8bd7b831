//! Rows as lines of JSON, an object each.

use std::collections::{BTreeMap, BTreeSet};

use super::{Table, Target};
use crate::beside::cell::Cell;
use crate::beside::error::{BesideError, BesideProblem};
use crate::beside::json::{Object, words};

impl Table<'_> {
    pub(super) fn read_json(&mut self, bytes: &[u8]) -> Result<(), BesideError> {
        let reading = self.reading;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(reading.error(BesideProblem::Empty));
        }
        let mut targets: Option<BTreeMap<String, Target>> = None;
        for (line, text) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
            let text = text.trim_ascii();
            if text.is_empty() {
                continue;
            }
            if self.is_enough() {
                break;
            }
            let at_line = |error: BesideError| error.line_is(line);
            let wrong = |why| at_line(reading.error(BesideProblem::NotJson { why }));
            let text = std::str::from_utf8(text).map_err(|_| wrong("not in UTF-8".to_owned()))?;
            let Object(fields) =
                serde_json::from_str(text).map_err(|error| wrong(words(&error)))?;
            let fields = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.get()));
            let cells = self.flat(fields).map_err(at_line)?;
            let known = match &targets {
                Some(known) => known,
                None => {
                    let names: Vec<String> = cells.iter().map(|(name, _)| name.clone()).collect();
                    let found = self.header(&names).map_err(at_line)?;
                    targets.insert(names.into_iter().zip(found).collect())
                }
            };
            self.same_fields(known, &cells).map_err(at_line)?;
            self.begin_row(line).map_err(at_line)?;
            for (name, cell) in &cells {
                let target = known.get(name).copied().unwrap_or(Target::Nowhere);
                let set = self.set(target, cell);
                set.map_err(|problem| at_line(reading.error(problem)).column_is(name))?;
            }
        }
        Ok(())
    }

    /// The cells of a row, with a matrix that is given as a list taken apart.
    fn flat<'t>(
        &self,
        fields: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<Vec<(String, Cell<'t>)>, BesideError> {
        let mut cells = Vec::new();
        for (name, raw) in fields {
            let inputs = Some(self.reading.inputs);
            let mut all = inputs.into_iter().chain(self.reading.outputs);
            let whole = all.find_map(|columns| Some((columns, columns.whole(name)?)));
            let (Some((columns, whole)), true) = (whole, raw.starts_with('[')) else {
                cells.push((name.to_owned(), Cell::of_json(raw)));
                continue;
            };
            let here = |problem| self.reading.error(problem).column_is(name);
            let values: Vec<&serde_json::value::RawValue> = serde_json::from_str(raw)
                .map_err(|error| here(BesideProblem::NotJson { why: words(&error) }))?;
            if values.len() != whole.width {
                let (values, columns) = (values.len(), whole.width);
                return Err(here(BesideProblem::ListLength { values, columns }));
            }
            let columns = (whole.first..).map_while(|at| columns.get(at));
            let values = columns.zip(values);
            cells.extend(
                values.map(|(column, raw)| (column.name.clone(), Cell::of_json(raw.get()))),
            );
        }
        Ok(cells)
    }

    /// Holds that a row of JSON has the fields of the first one.
    fn same_fields(
        &self,
        known: &BTreeMap<String, Target>,
        cells: &[(String, Cell<'_>)],
    ) -> Result<(), BesideError> {
        let mut seen = BTreeSet::new();
        for (name, _) in cells {
            let problem = match known.get(name) {
                _ if !seen.insert(name) => BesideProblem::Twice,
                Some(_) => continue,
                None if self.reading.passes_over => continue,
                None => {
                    let outputs = self.reading.outputs;
                    match outputs.and_then(|outputs| outputs.find(name)) {
                        Some(_) => BesideProblem::NotInFirst,
                        None => self.unknown(name),
                    }
                }
            };
            return Err(self.reading.error(problem).column_is(name));
        }
        let needed = known
            .iter()
            .filter(|(_, target)| **target != Target::Nowhere);
        let missing = needed.filter(|(name, _)| !seen.contains(name));
        let names: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
        match names.is_empty() {
            true => Ok(()),
            false => Err(self.reading.error(BesideProblem::Missing {
                names,
                separator: None,
            })),
        }
    }
}
