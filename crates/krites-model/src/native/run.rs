//! One call of a plan: chunks of rows through the steps.

use ndarray::{Array2, ArrayView2, Axis};

use crate::buffer::Buffer;
use crate::native::arguments::{Arguments, InputElement, Operand};
use crate::native::plan::{Batch, Plan, Step};
use crate::{InputTensor, ModelError, OutputTensor};

/// Rows that go through the steps together: enough to spread the cost of a
/// step, few enough to stay in the cache
const CHUNK_ROWS: usize = 256;

/// Elements that the results of a chunk may have together; wide models go
/// through in smaller chunks, which stay in the cache
const CHUNK_ELEMENTS: usize = 1 << 16;

/// Memory of one worker between calls
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    slots: Vec<Buffer>,
    staged: Vec<Buffer>,
    results: Vec<Buffer>,
}

impl Workspace {
    /// Makes room for the results of all steps and for all inputs.
    fn make_room(&mut self, plan: &Plan, inputs: &[InputTensor<'_>]) {
        if self.slots.len() < plan.n_slots {
            self.slots.resize_with(plan.n_slots, Buffer::default);
        }
        if self.staged.len() < inputs.len() {
            self.staged.resize_with(inputs.len(), Buffer::default);
        }
    }
}

/// Runs `n_rows` rows. Every row goes the same way whatever rows stand beside
/// it, so its bits do not depend on the batch.
pub(crate) fn run(
    plan: &Plan,
    inputs: &[InputTensor<'_>],
    outputs: &mut [OutputTensor],
    n_rows: usize,
    workspace: &mut Workspace,
) -> Result<(), ModelError> {
    workspace.make_room(plan, inputs);
    let Workspace {
        slots,
        staged,
        results,
    } = workspace;
    let most = (CHUNK_ELEMENTS / plan.total_width.max(1)).clamp(1, CHUNK_ROWS);
    // Kernels take rows by eight.
    let most = if most > 8 { most & !7 } else { most };
    for start in (0..n_rows).step_by(most) {
        let chunk_rows = most.min(n_rows - start);
        for (input, staged) in inputs.iter().zip(staged.iter_mut()) {
            stage(input, staged, start, chunk_rows);
        }
        let chunk = Chunk {
            plan,
            inputs,
            staged,
            start,
            n_rows: chunk_rows,
        };
        for step in &plan.steps {
            chunk.step(step, slots, results)?;
        }
        for (batch, output) in plan.outputs.iter().zip(outputs.iter_mut()) {
            let operands = [batch.operand];
            let arguments = Arguments {
                operands: &operands,
                inputs,
                staged,
                slots,
                constants: &plan.constants,
                start,
                n_rows: chunk_rows,
            };
            give(batch, &arguments, output)?;
        }
    }
    Ok(())
}

/// The rows that go through the steps together
struct Chunk<'a, 'v> {
    plan: &'a Plan,
    inputs: &'a [InputTensor<'v>],
    staged: &'a [Buffer],
    start: usize,
    n_rows: usize,
}

impl Chunk<'_, '_> {
    /// Takes one step.
    fn step(
        &self,
        step: &Step,
        slots: &mut [Buffer],
        results: &mut Vec<Buffer>,
    ) -> Result<(), ModelError> {
        let range = step.first_slot..step.first_slot + step.n_slots;
        results.clear();
        results.extend(
            slots
                .get_mut(range.clone())
                .into_iter()
                .flatten()
                .map(std::mem::take),
        );
        let arguments = Arguments {
            operands: &step.operands,
            inputs: self.inputs,
            staged: self.staged,
            slots,
            constants: &self.plan.constants,
            start: self.start,
            n_rows: self.n_rows,
        };
        step.kernel.run(&arguments, results)?;
        for (slot, result) in slots
            .get_mut(range)
            .into_iter()
            .flatten()
            .zip(results.drain(..))
        {
            *slot = result;
        }
        Ok(())
    }
}

/// What some steps have made of all rows of a call
#[derive(Debug)]
pub(crate) struct Reached<'a, 'v> {
    pub(crate) inputs: &'a [InputTensor<'v>],
    pub(crate) slots: &'a [Buffer],
    pub(crate) n_rows: usize,
    staged: &'a [Buffer],
    plan: &'a Plan,
}

impl<'a, 'v> Reached<'a, 'v> {
    /// Returns what a step with these operands reads.
    pub(crate) fn arguments(&self, operands: &'a [Operand]) -> Arguments<'a, 'v> {
        Arguments {
            operands,
            inputs: self.inputs,
            staged: self.staged,
            slots: self.slots,
            constants: &self.plan.constants,
            start: 0,
            n_rows: self.n_rows,
        }
    }
}

/// Takes some of the steps, in their order, with all rows at once.
pub(crate) fn some<'a, 'v>(
    plan: &'a Plan,
    steps: &[usize],
    inputs: &'a [InputTensor<'v>],
    n_rows: usize,
    workspace: &'a mut Workspace,
) -> Result<Reached<'a, 'v>, ModelError> {
    workspace.make_room(plan, inputs);
    let Workspace {
        slots,
        staged,
        results,
    } = workspace;
    for (input, staged) in inputs.iter().zip(staged.iter_mut()) {
        stage(input, staged, 0, n_rows);
    }
    let chunk = Chunk {
        plan,
        inputs,
        staged,
        start: 0,
        n_rows,
    };
    for step in steps.iter().filter_map(|&step| plan.steps.get(step)) {
        chunk.step(step, slots, results)?;
    }
    Ok(Reached {
        inputs,
        slots,
        n_rows,
        staged,
        plan,
    })
}

/// Copies the rows of an input that do not lie one behind the other.
fn stage(input: &InputTensor<'_>, staged: &mut Buffer, start: usize, n_rows: usize) {
    fn copy<T: InputElement>(
        view: &ArrayView2<'_, T>,
        staged: &mut Buffer,
        start: usize,
        n_rows: usize,
    ) {
        if !view.is_standard_layout() {
            let array = T::array(staged);
            array.clear();
            let rows = view.slice_axis(Axis(0), (start..start + n_rows).into());
            for row in rows.rows() {
                array.extend(row.iter().copied());
            }
        }
    }
    match input {
        InputTensor::Float(view) => copy(view, staged, start, n_rows),
        InputTensor::Double(view) => copy(view, staged, start, n_rows),
        InputTensor::Integer(view) => copy(view, staged, start, n_rows),
        InputTensor::Boolean(view) => copy(view, staged, start, n_rows),
        InputTensor::Text(view) if !view.is_standard_layout() => {
            let texts = staged.texts_mut(n_rows * view.ncols());
            let rows = view.slice_axis(Axis(0), (start..start + n_rows).into());
            for (text, to) in rows.iter().zip(texts) {
                to.clear();
                to.push_str(text);
            }
        }
        InputTensor::Text(_) => {}
    }
}

/// Copies the rows of a chunk into an output.
fn give(
    batch: &Batch,
    arguments: &Arguments<'_, '_>,
    output: &mut OutputTensor,
) -> Result<(), ModelError> {
    fn copy<T: InputElement>(
        arguments: &Arguments<'_, '_>,
        output: &mut Array2<T>,
        width: usize,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        // Rows that are skipped one by one would make many chunks take long.
        let mut rows = output.slice_axis_mut(Axis(0), (arguments.start..).into());
        for (mut to, from) in rows.rows_mut().into_iter().zip(from.chunks_exact(width)) {
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
        Ok(())
    }
    let width = batch.shape.width;
    debug_assert!(!matches!(batch.operand, Operand::Constant(_)));
    match output {
        OutputTensor::Float(output) => copy(arguments, output, width),
        OutputTensor::Double(output) => copy(arguments, output, width),
        OutputTensor::Integer(output) => copy(arguments, output, width),
        OutputTensor::Boolean(output) => copy(arguments, output, width),
        OutputTensor::Text(output) => {
            let from = arguments.texts(0)?;
            let rows = arguments.start..arguments.start + arguments.n_rows;
            let mut rows = output.slice_axis_mut(Axis(0), rows.into());
            for (to, text) in rows.iter_mut().zip(from.iter()) {
                to.clear();
                to.push_str(text);
            }
            Ok(())
        }
    }
}
