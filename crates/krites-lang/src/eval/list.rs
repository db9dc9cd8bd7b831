//! The elements of lists enter the frame, one whole element after the other.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::Exact;
use crate::ids::{Id as _, InputId, ListId};
use crate::ir::{GivenElement, Input, ListInput};
use crate::limits::{MAX_LIST, MAX_LIST_VALUES};
use crate::program::{FieldPlace, Program, packed};

use super::frame::Frame;
use super::refused::{InputError, InputProblem};
use super::state::{Given, SlotState};

/// A list whose elements are being bound
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenList {
    list: ListId,
    /// Where its elements begin in the columns
    start: usize,
    /// Whether an element is begun and not ended
    in_element: bool,
    /// How many inputs were given before the element
    n_given: usize,
}

impl Frame {
    /// The list at hand, where an element of it is begun or where none is.
    fn open_list(&self, in_element: bool) -> Option<OpenList> {
        let open = self.rare.open.last().copied();
        open.filter(|open| open.in_element == in_element)
    }
}

impl Program {
    /// Returns the input that a field of a list's elements is while an element is
    /// bound, by its position in [`ListInput::fields`](crate::ir::ListInput::fields):
    /// between [`Program::begin_element`] and [`Program::end_element`] it is set as
    /// any other. The one field of plain values is the first.
    #[must_use]
    pub fn field(&self, list: ListId, field: usize) -> Option<InputId> {
        self.lists[list].fields.get(field).copied()
    }

    /// Returns what is declared of an input or of a field of a list's elements.
    #[inline]
    #[must_use]
    pub fn declared(&self, id: InputId) -> &Input {
        match self.policy.inputs.find(id) {
            Some(input) => input,
            None => self.declared_field(id),
        }
    }

    #[cold]
    fn declared_field(&self, id: InputId) -> &Input {
        let place = self.place(id);
        let fields = place.map(|place| &self.policy.lists[place.list].fields);
        let found = fields
            .zip(place)
            .and_then(|(fields, place)| fields.get(place.field));
        // Every id is of an input or of a field.
        found.unwrap_or_else(|| &self.policy.inputs[id])
    }

    fn place(&self, id: InputId) -> Option<FieldPlace> {
        let field = id.position().checked_sub(self.policy.inputs.len())?;
        self.fields.get(field).copied()
    }

    /// The name of an input; of a list's field with brackets where the number of an
    /// element stands.
    pub(super) fn full_name(&self, id: InputId) -> Arc<str> {
        self.full(id, |input| &input.name, |list| &list.name)
    }

    /// The same of its name on the wire.
    pub(super) fn full_wire(&self, id: InputId) -> Arc<str> {
        self.full(id, |input| &input.wire, |list| &list.wire)
    }

    fn full(
        &self,
        id: InputId,
        of_input: impl Fn(&Input) -> &Arc<str>,
        of_list: impl Fn(&ListInput) -> &Arc<str>,
    ) -> Arc<str> {
        let own = of_input(self.declared(id));
        let Some(place) = self.place(id) else {
            return own.clone();
        };
        let list = self.full_list(place.list, &of_list);
        match own.is_empty() {
            true => format!("{list}[]").into(),
            false => format!("{list}[].{own}").into(),
        }
    }

    /// Recursion follows lists within each other, which lie a few deep.
    fn full_list(&self, list: ListId, of_list: &impl Fn(&ListInput) -> &Arc<str>) -> String {
        let own = of_list(&self.policy.lists[list]);
        match self.policy.lists[list].within {
            Some(outer) => format!("{}[].{own}", self.full_list(outer, of_list)),
            None => own.to_string(),
        }
    }

    /// Says at which elements an input was refused: `accounts[3].balance`, counted
    /// from one.
    #[cold]
    #[must_use]
    pub fn located(&self, frame: &Frame, error: &InputError) -> InputError {
        error.named(|name| self.numbered(frame, name))
    }

    /// Puts the numbers of the elements at hand where a name has brackets for them:
    /// `accounts[].balance` is `accounts[3].balance`.
    #[cold]
    #[must_use]
    pub fn numbered(&self, frame: &Frame, name: &str) -> String {
        with_indices(name, frame.rare.open.iter().map(|open| index(frame, open)))
    }

    /// Makes the error for an amount of more digits than its currency has.
    #[cold]
    pub(super) fn element_has_too_many_digits(
        &self,
        frame: &Frame,
        place: FieldPlace,
        element: usize,
        amount: Exact,
        digits: u32,
    ) -> InputError {
        let Some(id) = self.field(place.list, place.field) else {
            return self.refuse_list(frame, place.list, InputProblem::NumberTooLarge);
        };
        let error = self.too_many_digits(id, amount, digits);
        let mut indices = Vec::new();
        let (mut list, mut element) = (place.list, element);
        while let Some(outer) = self.lists[list].within {
            let (record, within) = frame.columns(list).record_of(element).unwrap_or_default();
            indices.push(within + 1);
            (list, element) = (outer, record);
        }
        indices.push(element + 1);
        error.named(|name| with_indices(name, indices.iter().rev().copied()))
    }

    /// Makes the error that refuses a list.
    #[cold]
    #[must_use]
    pub fn refuse_list(&self, frame: &Frame, list: ListId, problem: InputProblem) -> InputError {
        let name = self.full_list(list, &|list: &ListInput| &list.name).into();
        let wire = self.full_list(list, &|list: &ListInput| &list.wire).into();
        let error = InputError::new(&name, problem).on_the_wire(&wire);
        self.located(frame, &error)
    }

    /// Begins a list: an input of the case, or one within the element at hand.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a list that was given already, and one that does not lie
    /// in the element at hand.
    pub fn begin_list(&self, frame: &mut Frame, list: ListId) -> Result<(), InputError> {
        let code = &self.lists[list];
        let around = frame.rare.open.last().filter(|open| open.in_element);
        if around.map(|open| open.list) != code.within
            || (around.is_none() && !frame.rare.open.is_empty())
        {
            return Err(self.out_of_order(frame, list));
        }
        let given = match around {
            Some(around) => {
                let record = frame.columns(around.list).length();
                match frame.columns(list).n_ranges() > record {
                    true => Given::Given,
                    false => Given::No,
                }
            }
            None => frame.columns(list).given,
        };
        match given {
            Given::No => {}
            Given::Given => return Err(self.refuse_list(frame, list, InputProblem::Twice)),
            Given::Defaulted => return Err(self.too_late(frame, list)),
        }
        let start = frame.columns(list).length();
        frame.rare.open.push(OpenList {
            list,
            start,
            in_element: false,
            n_given: 0,
        });
        Ok(())
    }

    /// Begins an element of the list at hand.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the list has [`MAX_LIST`] elements, where all lists have
    /// [`MAX_LIST_VALUES`] values, and where no list is begun.
    pub fn begin_element(&self, frame: &mut Frame) -> Result<(), InputError> {
        let Some(open) = frame.open_list(false) else {
            return Err(self.no_list(frame));
        };
        if frame.columns(open.list).length() - open.start >= MAX_LIST {
            return Err(self.refuse_list(frame, open.list, InputProblem::TooManyElements));
        }
        let n_values = frame.rare.n_list_values + self.lists[open.list].fields.len().max(1);
        if n_values > MAX_LIST_VALUES {
            return Err(self.refuse_list(frame, open.list, InputProblem::TooManyValues));
        }
        frame.rare.n_list_values = n_values;
        let n_given = frame.n_given;
        if let Some(open) = frame.rare.open.last_mut() {
            open.in_element = true;
            open.n_given = n_given;
        }
        Ok(())
    }

    /// Ends the element at hand: defaults and missing values are filled in.
    ///
    /// # Errors
    ///
    /// [`InputError`] for the first field, or list within, that is required and was
    /// not given.
    pub fn end_element(&self, frame: &mut Frame) -> Result<(), InputError> {
        let Some(open) = frame.open_list(true) else {
            return Err(self.no_list(frame));
        };
        let code = &self.lists[open.list];
        for id in &code.fields {
            self.complete(frame, *id)
                .map_err(|error| self.located(frame, &error))?;
        }
        let record = frame.columns(open.list).length();
        for inner in &code.inner {
            if frame.columns(*inner).n_ranges() > record {
                continue;
            }
            if !self.lists[*inner].default_empty {
                return Err(self.refuse_list(frame, *inner, InputProblem::NotGiven));
            }
            let start = frame.columns(*inner).length();
            frame.columns_mut(*inner).add_range(start);
        }
        let slots = code.fields.iter().map(|id| self.inputs[*id].slot);
        frame.push_element(open.list, slots.clone());
        for (id, slot) in code.fields.iter().zip(slots) {
            frame.set_state(slot, SlotState::Unset);
            frame.set_given(*id, Given::No);
        }
        frame.n_given = open.n_given;
        if let Some(open) = frame.rare.open.last_mut() {
            open.in_element = false;
        }
        Ok(())
    }

    /// Ends the list at hand.
    ///
    /// # Errors
    ///
    /// [`InputError`] where no list is begun.
    pub fn end_list(&self, frame: &mut Frame) -> Result<(), InputError> {
        let Some(open) = frame.open_list(false) else {
            return Err(self.no_list(frame));
        };
        frame.rare.open.pop();
        if self.lists[open.list].within.is_some() {
            frame.columns_mut(open.list).add_range(open.start);
        } else {
            self.set_list(frame, open.list, Given::Given);
        }
        Ok(())
    }

    fn set_list(&self, frame: &mut Frame, list: ListId, given: Given) {
        let length = frame.columns(list).length();
        frame.columns_mut(list).given = given;
        frame.set_whole(self.lists[list].slot, packed(0, length));
    }

    /// Takes lists that are not given for empty, where the policy says so.
    pub(super) fn complete_lists(&self, frame: &mut Frame) -> Result<(), InputError> {
        for (id, list) in self.lists.iter_ids() {
            if list.within.is_none() && self.policy.lists[id].group.is_none() {
                self.complete_list(frame, id)?;
            }
        }
        Ok(())
    }

    /// Takes a list that is not given for empty, where the policy says so.
    pub(super) fn complete_list(&self, frame: &mut Frame, list: ListId) -> Result<(), InputError> {
        if frame.columns(list).given != Given::No {
            return Ok(());
        }
        if !self.lists[list].default_empty {
            return Err(self.refuse_list(frame, list, InputProblem::NotGiven));
        }
        self.set_list(frame, list, Given::Defaulted);
        Ok(())
    }

    /// Takes a list for given, be it with no elements: for a frame that a part of the
    /// facts is tried on.
    pub fn pass_over_list(&self, frame: &mut Frame, list: ListId) {
        if self.lists[list].within.is_none() && self.policy.lists[list].group.is_none() {
            self.set_list(frame, list, Given::Defaulted);
        }
    }

    /// Takes a list of the facts that is `null` for one that is not given.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the policy does not take such a one for empty.
    pub fn set_list_missing(&self, frame: &Frame, list: ListId) -> Result<(), InputError> {
        if self.lists[list].default_empty || self.policy.lists[list].group.is_some() {
            return Ok(());
        }
        Err(self.refuse_list(frame, list, InputProblem::Missing))
    }

    /// Sets a list that a test states.
    pub(super) fn set_elements(
        &self,
        frame: &mut Frame,
        list: ListId,
        elements: &[GivenElement],
    ) -> Result<(), InputError> {
        self.begin_list(frame, list)?;
        for element in elements {
            self.begin_element(frame)?;
            for (id, value) in self.lists[list].fields.iter().zip(&element.fields) {
                match value {
                    Some(value) => self.set_literal(frame, *id, value),
                    None => self.set_missing(frame, *id)?,
                }
            }
            for (inner, elements) in &element.lists {
                self.set_elements(frame, *inner, elements)?;
            }
            self.end_element(frame)?;
        }
        self.end_list(frame)
    }

    #[cold]
    fn out_of_order(&self, frame: &Frame, list: ListId) -> InputError {
        let detail = "a list is begun where it does not lie".to_owned();
        self.refuse_list(frame, list, InputProblem::Shape { detail })
    }

    #[cold]
    fn too_late(&self, frame: &Frame, list: ListId) -> InputError {
        let detail = "a list is given with the first facts of a case, and not later".to_owned();
        self.refuse_list(frame, list, InputProblem::Shape { detail })
    }

    #[cold]
    fn no_list(&self, frame: &Frame) -> InputError {
        let detail = "an element or list is ended that was not begun".to_owned();
        let problem = InputProblem::Shape { detail };
        match frame.rare.open.last() {
            Some(open) => self.refuse_list(frame, open.list, problem),
            None => InputError::new(&"".into(), problem),
        }
    }
}

/// The number of the element at hand, or of the next one.
fn index(frame: &Frame, open: &OpenList) -> usize {
    frame.columns(open.list).length() - open.start + 1
}

fn with_indices(name: &str, mut indices: impl Iterator<Item = usize>) -> String {
    let mut parts = name.split("[]");
    let mut name = parts.next().unwrap_or("").to_owned();
    for part in parts {
        // Writing to memory does not fail.
        let _ = match indices.next() {
            Some(index) => write!(name, "[{index}]{part}"),
            None => write!(name, "[]{part}"),
        };
    }
    name
}
