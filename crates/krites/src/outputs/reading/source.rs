//! The values of one decision, on their way into a host's type.

use krites_lang::ir::Value;
use krites_lang::{Frame, OutputValue, Program};
use serde::de::DeserializeOwned;

use super::super::error::OutputsError;
use super::super::value;
use super::Output;
use super::plan::{From, Step};

/// Hands out the values of one decision, in the order in which they were planned.
#[derive(Debug)]
pub struct Source<'a> {
    program: &'a Program,
    frame: &'a Frame,
    steps: &'a [Step],
    /// The element of a list, where that is what comes next
    element: Option<value::Output<'a>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(program: &'a Program, frame: &'a Frame, steps: &'a [Step]) -> Self {
        Self {
            program,
            frame,
            steps,
            element: None,
        }
    }

    /// Takes the plain value that comes next.
    #[inline]
    pub(super) fn next(&mut self) -> Result<value::Output<'a>, OutputsError> {
        if let Some(element) = self.element.take() {
            return Ok(element);
        }
        let (program, frame) = (self.program, self.frame);
        match self.steps.split_first() {
            Some((Step::Value { from, name, ty }, rest)) => {
                self.steps = rest;
                let value = match from {
                    From::Output(id) => program.output(frame, *id),
                    From::Outcome => program.value(frame, Value::Outcome),
                };
                Ok(value::Output {
                    program,
                    name,
                    ty: *ty,
                    value,
                })
            }
            // What takes values was planned in this order.
            _ => Err(OutputsError::missing("")),
        }
    }

    /// Tells whether the plain value that comes next is there, and passes over it if not.
    #[inline]
    pub(super) fn is_there(&mut self) -> Result<bool, OutputsError> {
        let output = self.next()?;
        let there = output.value.is_some();
        if there {
            self.element = Some(output);
        }
        Ok(there)
    }

    /// Tells whether the record that comes next is there, and passes over it if not.
    pub(super) fn is_record_there(&mut self) -> bool {
        let Some((Step::Maybe { outputs, steps }, rest)) = self.steps.split_first() else {
            return true;
        };
        let (program, frame) = (self.program, self.frame);
        let there = outputs
            .iter()
            .any(|id| program.output(frame, *id).is_some());
        self.steps = match there {
            true => rest,
            false => rest.get(*steps..).unwrap_or_default(),
        };
        there
    }

    /// Takes the elements of a list.
    pub(super) fn elements<T: Output>(&mut self) -> Result<Vec<T>, OutputsError> {
        let output = self.next()?;
        let Some(OutputValue::List(values)) = output.value else {
            return Err(OutputsError::missing(output.name));
        };
        let element = |value| {
            let output = value::Output { value, ..output };
            T::take(&mut Source {
                element: Some(output),
                steps: &[],
                ..*self
            })
        };
        values.iter().map(element).collect()
    }

    /// Takes the text of a label.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where the value is missing.
    pub fn label(&mut self) -> Result<Label<'a>, OutputsError> {
        let output = self.next()?;
        match output.value {
            Some(OutputValue::Label { wire: text, .. } | OutputValue::Text(text)) => {
                Ok(Label { output, text })
            }
            _ => Err(OutputsError::missing(output.name)),
        }
    }

    /// Takes the value that comes next by its own `Deserialize`.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where that refuses it.
    #[inline]
    pub fn deserialize<T: DeserializeOwned>(&mut self) -> Result<T, OutputsError> {
        let output = self.next()?;
        T::deserialize(output).map_err(|error| error.at(self.program, output.name, &output.words()))
    }
}

/// The text of a label on the wire
#[derive(Debug)]
pub struct Label<'a> {
    output: value::Output<'a>,
    text: &'a str,
}

impl<'a> Label<'a> {
    /// Returns the text.
    #[inline]
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Makes the error for a label that is none of these.
    #[cold]
    #[must_use]
    pub fn unknown(&self, variants: &'static [&'static str]) -> OutputsError {
        let error: OutputsError = serde::de::Error::unknown_variant(self.text, variants);
        error.at(self.output.program, self.output.name, &self.output.words())
    }
}
