//! The values of one case, on their way into the slots.
//! Invariant: the first error is kept, and what follows it is without effect on it.

use krites_lang::{Date, Exact, Frame, InputError, InputId, InputPlace, Program};

use super::super::names::Names;
use super::super::{BindError, StackText, set_wide};
use super::Fact;
use super::plan::{Binding, Step};

/// Takes the values of one case, in the order in which they were planned.
#[derive(Debug)]
pub struct Sink<'a> {
    names: &'a Names,
    program: &'a Program,
    frame: &'a mut Frame,
    steps: &'a [Step],
    labels: &'a [i64],
    error: Option<BindError>,
}

impl<'a> Sink<'a> {
    /// Gives all values that `put` gives.
    ///
    /// # Errors
    ///
    /// [`BindError`] for the first value that is refused.
    #[inline]
    pub(super) fn give(
        names: &'a Names,
        program: &'a Program,
        frame: &'a mut Frame,
        binding: &'a Binding,
        put: impl FnOnce(&mut Self),
    ) -> Result<(), BindError> {
        let mut sink = Sink {
            names,
            program,
            frame,
            steps: &binding.steps,
            labels: &binding.labels,
            error: None,
        };
        put(&mut sink);
        sink.not_given();
        match sink.error {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    #[inline]
    fn next(&mut self) -> Option<&'a Step> {
        let (step, rest) = self.steps.split_first()?;
        self.steps = rest;
        Some(step)
    }

    /// The place of the plain value that comes next
    #[inline]
    fn place(&mut self) -> Option<&'a InputPlace> {
        match self.next()? {
            Step::Place(place, _) => Some(place),
            _ => None,
        }
    }

    /// Takes back what was prepared for and did not come.
    #[inline]
    fn not_given(&mut self) {
        while let Some(step) = self.next() {
            if let Step::Place(place, _) = step {
                self.program.not_given(self.frame, place);
            }
        }
    }

    /// Gives a whole number.
    #[inline(always)]
    pub fn whole(&mut self, value: i64) {
        match self.steps {
            [Step::Place(place, _), rest @ ..]
                if self.program.give_whole(self.frame, place, value) =>
            {
                self.steps = rest;
            }
            _ => self.whole_otherwise(value),
        }
    }

    #[inline(never)]
    fn whole_otherwise(&mut self, value: i64) {
        if let Some(place) = self.place() {
            self.set_at(place, |program, frame, id| {
                program.set_integer(frame, id, value)
            });
        }
    }

    /// Gives a whole number of more than 64 bits; `None` where 128 bits do not hold it.
    #[cold]
    pub(super) fn wide(&mut self, value: Option<i128>) {
        if let Some(place) = self.place() {
            self.program.not_given(self.frame, place);
            let set = set_wide(self.program, self.frame, place.input(), value);
            set.unwrap_or_else(|error| self.refuse(error));
        }
    }

    /// Gives a boolean.
    #[inline]
    pub fn boolean(&mut self, value: bool) {
        match self.steps {
            [Step::Place(place, _), rest @ ..]
                if self.program.give_whole(self.frame, place, i64::from(value)) =>
            {
                self.steps = rest;
            }
            _ => self.boolean_otherwise(value),
        }
    }

    #[inline(never)]
    fn boolean_otherwise(&mut self, value: bool) {
        if let Some(place) = self.place() {
            self.set_at(place, |program, frame, id| {
                program.set_boolean(frame, id, value)
            });
        }
    }

    /// Gives a text, or what is read from it.
    #[inline]
    pub fn text(&mut self, value: &str) {
        if let Some(place) = self.place()
            && !self.program.give_text(self.frame, place, value)
        {
            self.set_at(place, |program, frame, id| {
                program.set_text(frame, id, value)
            });
        }
    }

    /// Gives what is read from a value's text.
    pub fn display(&mut self, value: &(impl std::fmt::Display + ?Sized)) {
        match StackText::of(value) {
            Some(text) => self.text(text.as_str()),
            None => self.text(&value.to_string()),
        }
    }

    /// Gives one of the labels that were planned: its position among them, and its text.
    #[inline]
    pub fn label(&mut self, variant: usize, wire: &'static str) {
        let Some(Step::Place(place, from)) = self.next() else {
            return;
        };
        let label = self.labels.get(*from as usize + variant);
        let taken = label.is_some_and(|label| self.program.give_whole(self.frame, place, *label));
        if !taken && !self.program.give_text(self.frame, place, wire) {
            self.set_at(place, |program, frame, id| {
                program.set_text(frame, id, wire)
            });
        }
    }

    /// Gives a day.
    #[inline]
    pub(super) fn date(&mut self, value: Date) {
        let Some(Step::Place(place, _)) = self.steps.first() else {
            return self.display(&value);
        };
        if self.program.give_date(self.frame, place, value) {
            self.next();
        } else {
            self.display(&value);
        }
    }

    pub(super) fn exact(&mut self, value: Exact) {
        if let Some(place) = self.place() {
            self.set_at(place, |program, frame, id| {
                program.set_exact(frame, id, value)
            });
        }
    }

    pub(super) fn float(&mut self, value: f64) {
        if let Some(place) = self.place() {
            self.set_at(place, |program, frame, id| {
                program.set_float(frame, id, value)
            });
        }
    }

    pub(super) fn float_32(&mut self, value: f32) {
        if let Some(place) = self.place() {
            self.set_at(place, |program, frame, id| {
                program.set_float_32(frame, id, value)
            });
        }
    }

    /// Says that a plain value is missing.
    #[inline]
    pub(super) fn missing(&mut self) {
        if let Some(place) = self.place()
            && !self.program.give_missing(self.frame, place)
        {
            self.set_at(place, |program, frame, id| program.set_missing(frame, id));
        }
    }

    /// Says whether what may be missing as a whole is there.
    pub(super) fn maybe(&mut self, there: bool) {
        let Some(Step::Maybe { node, steps }) = self.next() else {
            return;
        };
        if there {
            return;
        }
        self.skip(*steps);
        if let Some(node) = node {
            let set = self.names.set_missing(self.program, self.frame, *node);
            set.unwrap_or_else(|error| self.refuse(error.into()));
        }
    }

    /// Gives the elements of a list or of a series.
    pub(super) fn elements<T: Fact>(&mut self, elements: &[T]) {
        match self.next() {
            Some(Step::List { list, steps }) => {
                let own = self.skip(*steps);
                let rest = self.steps;
                self.set(|program, frame| program.begin_list(frame, *list));
                for element in elements {
                    if self.error.is_some() {
                        break;
                    }
                    self.set(|program, frame| program.begin_element(frame));
                    self.steps = own;
                    element.put(self);
                    if self.error.is_none() {
                        self.set(|program, frame| program.end_element(frame));
                    }
                }
                self.steps = rest;
                if self.error.is_none() {
                    self.set(|program, frame| program.end_list(frame));
                }
            }
            Some(Step::Series { node, steps }) => {
                let own = self.skip(*steps);
                let rest = self.steps;
                self.steps = own;
                // How many are too many is told at the end.
                for element in elements.iter().take(own.len()) {
                    element.put(self);
                }
                self.steps = rest;
                if elements.len() != own.len() {
                    self.refuse(self.names.length(*node, own.len(), elements.len()));
                }
            }
            Some(Step::Passed { steps }) => _ = self.skip(*steps),
            _ => {}
        }
    }

    /// Passes over steps, and returns them.
    fn skip(&mut self, steps: usize) -> &'a [Step] {
        let (own, rest) = self.steps.split_at_checked(steps).unwrap_or_default();
        self.steps = rest;
        own
    }

    /// Sets what was not taken at once, or learns why it is refused.
    #[inline(never)]
    fn set_at(
        &mut self,
        place: &InputPlace,
        set: impl FnOnce(&Program, &mut Frame, InputId) -> Result<(), InputError>,
    ) {
        self.program.not_given(self.frame, place);
        self.set(|program, frame| set(program, frame, place.input()));
    }

    fn set(&mut self, set: impl FnOnce(&Program, &mut Frame) -> Result<(), InputError>) {
        if let Err(error) = set(self.program, self.frame) {
            self.refuse(error.into());
        }
    }

    #[cold]
    fn refuse(&mut self, error: BindError) {
        let (program, frame) = (self.program, &*self.frame);
        self.error
            .get_or_insert_with(|| error.numbered(program, frame));
    }
}
