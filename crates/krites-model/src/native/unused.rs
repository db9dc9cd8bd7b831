//! Steps, slots and constants that nothing needs any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::native::arguments::Operand;
use crate::native::plan::Plan;

/// Drops what the outputs of a plan do not need, and numbers the rest anew.
pub(crate) fn drop(plan: &mut Plan) {
    let mut needed = vec![false; plan.n_slots];
    let need = |operand: &Operand, needed: &mut [bool]| {
        if let Operand::Slot(slot) = *operand
            && let Some(needed) = needed.get_mut(slot)
        {
            *needed = true;
        }
    };
    for output in &plan.outputs {
        need(&output.operand, &mut needed);
    }
    let mut kept = Vec::with_capacity(plan.steps.len());
    for step in std::mem::take(&mut plan.steps).into_iter().rev() {
        let slots = needed.get(step.first_slot..step.first_slot + step.n_slots);
        if slots.into_iter().flatten().any(|needed| *needed) {
            for operand in &step.operands {
                need(operand, &mut needed);
            }
            kept.push(step);
        }
    }
    kept.reverse();
    let mut slots = BTreeMap::new();
    let mut n_slots = 0;
    for step in &mut kept {
        for slot in step.first_slot..step.first_slot + step.n_slots {
            slots.insert(slot, n_slots + slot - step.first_slot);
        }
        step.first_slot = n_slots;
        n_slots += step.n_slots;
    }
    let mut constants = Vec::new();
    let mut places = BTreeMap::new();
    let operands = kept.iter_mut().flat_map(|step| &mut step.operands);
    let outputs = plan.outputs.iter_mut().map(|output| &mut output.operand);
    for operand in operands.chain(outputs) {
        match operand {
            Operand::Input(_) => {}
            Operand::Slot(slot) => {
                if let Some(&to) = slots.get(slot) {
                    *slot = to;
                }
            }
            Operand::Constant(at) => {
                if let Some(constant) = plan.constants.get(*at) {
                    *at = *places.entry(*at).or_insert_with(|| {
                        constants.push(Arc::clone(constant));
                        constants.len() - 1
                    });
                }
            }
        }
    }
    let widths = kept.iter().map(|step| step.width);
    plan.total_width = widths.fold(0, usize::saturating_add);
    plan.steps = kept;
    plan.n_slots = n_slots;
    plan.constants = constants;
}
