//! What the columns of a file are, by their names.

use std::collections::BTreeSet;

use super::{Reading, Table, Target};
use crate::beside::cell::Filling;
use crate::beside::error::{BesideError, BesideProblem, cut};
use crate::beside::names::{Columns, EXPECT};

impl Table<'_> {
    /// Finds what each column is.
    pub(super) fn header(&mut self, names: &[String]) -> Result<Vec<Target>, BesideError> {
        let reading = self.reading;
        let mut targets = Vec::new();
        let mut seen = BTreeSet::new();
        for (at, name) in names.iter().enumerate() {
            let here = |problem| reading.error(problem).column_is(name);
            if name.is_empty() && !reading.passes_over {
                let position = at + 1;
                return Err(reading.error(BesideProblem::NoName { position }));
            }
            let input = reading.inputs.find(name).map(Target::Input);
            let output = reading.outputs.and_then(|outputs| outputs.find(name));
            let target = match (input, output) {
                (Some(input), _) => input,
                (None, Some(output)) => self.expects(output),
                (None, None) if reading.passes_over => {
                    self.passed_over.push(cut(name));
                    Target::Nowhere
                }
                (None, None) => {
                    // Where nothing separates the cells, all of them are one name.
                    if let [_] = names {
                        self.has_inputs(&[], names)?;
                    }
                    return Err(here(self.unknown(name)));
                }
            };
            // A column may be called by two names
            let column = match target {
                Target::Input(at) => format!("{at}"),
                Target::Expected(at) => format!("expected {at}"),
                Target::Nowhere => format!("nowhere {at}"),
            };
            if !seen.insert(column) {
                return Err(here(BesideProblem::Twice));
            }
            targets.push(target);
        }
        self.has_inputs(&targets, names)?;
        match (reading.outputs, self.expected.is_empty()) {
            (Some(outputs), true) => {
                let example = outputs.get(0).map(|column| column.name.clone());
                let example = example.unwrap_or_default();
                Err(reading.error(BesideProblem::NothingExpected { example }))
            }
            _ => Ok(targets),
        }
    }

    /// Holds that there is a column for each of the inputs'.
    fn has_inputs(&self, targets: &[Target], names: &[String]) -> Result<(), BesideError> {
        let given: BTreeSet<usize> = targets
            .iter()
            .filter_map(|target| match target {
                Target::Input(at) => Some(*at),
                _ => None,
            })
            .collect();
        let columns = self.reading.inputs.all().iter().enumerate();
        let missing = columns.filter(|(at, _)| !given.contains(at));
        let missing: Vec<String> = missing.map(|(_, column)| column.name.clone()).collect();
        let separator = match names {
            [only] => only.chars().find(|sign| matches!(sign, '|' | ':' | ' ')),
            _ => None,
        };
        match missing.is_empty() {
            true => Ok(()),
            false => Err(self.reading.error(BesideProblem::Missing {
                names: missing,
                separator,
            })),
        }
    }

    fn expects(&mut self, output: usize) -> Target {
        let known = self.expected.iter().position(|(known, _)| *known == output);
        let at = known.unwrap_or_else(|| {
            let column = self.reading.outputs.and_then(|outputs| outputs.get(output));
            if let Some(column) = column {
                self.expected.push((output, Filling::new(column.element)));
            }
            self.expected.len().saturating_sub(1)
        });
        Target::Expected(at)
    }

    pub(super) fn unknown(&self, name: &str) -> BesideProblem {
        let Reading {
            inputs, outputs, ..
        } = self.reading;
        let meant = format!("{EXPECT}{name}");
        let expected = outputs.filter(|outputs| outputs.find(&meant).is_some());
        let near = expected.map(|_| meant);
        let near = near.or_else(|| inputs.near(name));
        let near = near.or_else(|| outputs?.near(name));
        let mut known = inputs.names();
        known.extend(outputs.into_iter().flat_map(Columns::names));
        BesideProblem::Unknown {
            near: near.map(|near| cut(&near)),
            known,
        }
    }
}
