//! The explainer of a native model.

use std::sync::Arc;

use super::background;
use super::forest::{Forest, Tally};
use super::leaves::{Leaves, NOBODY};
use super::margin::{Margin, Term, margin, refused};
use super::players::{Element, Graph, Players};
use crate::buffer::Buffer;
use crate::native::NativeModel;
use crate::native::arguments::Operand;
use crate::native::plan::Plan;
use crate::native::run::{self, Reached, Workspace};
use crate::{
    Attribution, ElementType, Explained, Explainer, InputTensor, ModelError, NotExplained, Scratch,
    Signature, Unit,
};

/// Makes the explainer of a column of an output.
pub(crate) fn explainer(
    model: &NativeModel,
    explained: &Explained<'_>,
) -> Result<Box<dyn Explainer>, NotExplained> {
    let plan = &model.plan;
    let signature = &model.signature;
    let output = plan.outputs.get(explained.output);
    let spec = signature.outputs.get(explained.output);
    let (Some(output), Some(spec)) = (output, spec) else {
        return Err(NotExplained::NoOutput);
    };
    if explained.column >= spec.width {
        return Err(NotExplained::NoOutput);
    }
    if !matches!(spec.element, ElementType::Float | ElementType::Double) {
        return Err(NotExplained::NotAScore {
            output: spec.name.clone(),
            element: spec.element,
        });
    }
    if !plan.free_inputs.is_empty() {
        let reason = "one of its inputs takes any number of columns".to_owned();
        return Err(NotExplained::Form { reason });
    }
    background::check(explained.background, signature)?;
    let mut graph = Graph::new(plan, signature);
    let margin = margin(&mut graph, (output.operand, explained.column))?;
    let mut tallies = tallies(&mut graph, &margin, explained.attribution)?;
    let conditions = tallies.iter().map(|(_, leaves)| leaves.n_conditions).sum();
    background::check_work(conditions, explained.background.n_rows())?;
    let mut tallies: Vec<(usize, Tally)> = tallies
        .drain(..)
        .map(|(step, leaves)| (step, Tally::new(leaves, explained.attribution)))
        .collect();
    let part = Part::of(plan, &margin);
    let rows = explained.background;
    let means = background::run(plan, &part, rows, &margin.terms, &mut tallies)?;
    let forests = tallies
        .into_iter()
        .map(|(step, tally)| (step, tally.finish()));
    let mut explainer = NativeExplainer {
        plan: Arc::clone(plan),
        n_players: signature.inputs.iter().map(|input| input.width).sum(),
        inputs: inputs(signature),
        part,
        unit: margin.unit,
        constant: margin.constant,
        base: margin.constant,
        terms: margin.terms.into_iter().zip(means).collect(),
        forests: forests.collect(),
    };
    for (term, mean) in &explainer.terms {
        explainer.base += term.weight * mean;
    }
    for (_, forest) in &explainer.forests {
        explainer.base += forest.base;
    }
    if !explainer.base.is_finite() {
        let detail = "its mean is no finite number".to_owned();
        return Err(NotExplained::Background { detail });
    }
    Ok(Box::new(explainer))
}

fn inputs(signature: &Signature) -> Vec<(ElementType, usize)> {
    let inputs = signature.inputs.iter();
    inputs.map(|input| (input.element, input.width)).collect()
}

/// Lists the leaves of each forest of the margin.
fn tallies(
    graph: &mut Graph<'_>,
    margin: &Margin,
    attribution: Attribution,
) -> Result<Vec<(usize, Leaves)>, NotExplained> {
    let mut all = Vec::with_capacity(margin.trees.len());
    for sum in &margin.trees {
        let Some(step) = graph.plan.steps.get(sum.step) else {
            continue;
        };
        let (Some(trees), Some(&operand)) = (step.kernel.trees(), step.operands.first()) else {
            return Err(refused(step, "it has no trees"));
        };
        let mut problem = None;
        let player = |column| match graph.players((operand, column), 0) {
            Ok(Players::None) => Some(NOBODY),
            Ok(Players::One(player)) => Some(player),
            Ok(Players::Many) => None,
            Err(error) => {
                problem = Some(error);
                None
            }
        };
        let whole = attribution == Attribution::PathDependent;
        let leaves = Leaves::of(trees, (sum.target, sum.factor), whole, player);
        if let Some(problem) = problem {
            return Err(problem);
        }
        all.push((sum.step, leaves.map_err(|why| refused(step, &why))?));
    }
    Ok(all)
}

/// The steps in front of a margin, in their order
#[derive(Debug)]
pub(super) struct Part {
    pub(super) steps: Vec<usize>,
}

impl Part {
    fn of(plan: &Plan, margin: &Margin) -> Self {
        let mut needed = vec![false; plan.n_slots];
        let mut need = |operand: Operand| {
            if let Operand::Slot(slot) = operand
                && let Some(needed) = needed.get_mut(slot)
            {
                *needed = true;
            }
        };
        for term in &margin.terms {
            need(term.element.0);
        }
        for sum in &margin.trees {
            let step = plan.steps.get(sum.step);
            step.into_iter()
                .flat_map(|step| &step.operands)
                .for_each(|&operand| need(operand));
        }
        let mut steps = Vec::new();
        for (idx, step) in plan.steps.iter().enumerate().rev() {
            let slots = needed.iter().skip(step.first_slot).take(step.n_slots);
            if slots.into_iter().any(|needed| *needed) {
                steps.push(idx);
                for operand in &step.operands {
                    if let Operand::Slot(slot) = *operand
                        && let Some(needed) = needed.get_mut(slot)
                    {
                        *needed = true;
                    }
                }
            }
        }
        steps.reverse();
        Self { steps }
    }
}

/// Returns the value of an element for a row of the chunk.
pub(super) fn value(
    reached: &Reached<'_, '_>,
    (operand, at): Element,
    row_idx: usize,
) -> Option<f64> {
    match operand {
        Operand::Input(input) => match reached.inputs.get(input)? {
            InputTensor::Float(view) => view.get((row_idx, at)).copied().map(f64::from),
            InputTensor::Double(view) => view.get((row_idx, at)).copied(),
            InputTensor::Integer(view) => view.get((row_idx, at)).map(|&x| x as f64),
            InputTensor::Boolean(view) => {
                let value = view.get((row_idx, at));
                value.map(|&x| f64::from(u8::from(x)))
            }
            InputTensor::Text(_) => None,
        },
        Operand::Slot(slot) => {
            let buffer = reached.slots.get(slot)?;
            let at = buffer.len() / reached.n_rows.max(1) * row_idx + at;
            match buffer {
                Buffer::Float(all) => all.get(at).copied().map(f64::from),
                Buffer::Double(all) => all.get(at).copied(),
                Buffer::Integer(all) => all.get(at).map(|&x| x as f64),
                Buffer::Boolean(all) => all.get(at).map(|&x| f64::from(u8::from(x))),
                Buffer::Text(_) => None,
            }
        }
        Operand::Constant(_) => None,
    }
}

#[derive(Debug)]
struct NativeExplainer {
    plan: Arc<Plan>,
    inputs: Vec<(ElementType, usize)>,
    n_players: usize,
    part: Part,
    unit: Unit,
    constant: f64,
    base: f64,
    /// With the means of their elements
    terms: Vec<(Term, f64)>,
    /// With the steps of their trees
    forests: Vec<(usize, Forest)>,
}

/// Memory of one worker between rows
#[derive(Debug, Default)]
struct Room {
    workspace: Workspace,
    slots: Buffer,
    holds: Vec<bool>,
    failed: Vec<u64>,
}

impl Explainer for NativeExplainer {
    fn base(&self) -> f64 {
        self.base
    }

    fn unit(&self) -> Unit {
        self.unit
    }

    fn explain(
        &self,
        row: &[InputTensor<'_>],
        contributions: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<f64, ModelError> {
        self.check(row, contributions)?;
        let Room {
            workspace,
            slots,
            holds,
            failed,
        } = scratch.get_or_insert_with(Room::default);
        contributions.fill(0.0);
        let mut margin = self.constant;
        let reached = run::some(&self.plan, &self.part.steps, row, 1, workspace)?;
        for (term, mean) in &self.terms {
            let value = value(&reached, term.element, 0).unwrap_or(f64::NAN);
            margin += term.weight * value;
            let to = term.player.and_then(|player| contributions.get_mut(player));
            if let Some(to) = to {
                *to += term.weight * (value - mean);
            }
        }
        for (step, forest) in &self.forests {
            let Some(step) = self.plan.steps.get(*step) else {
                continue;
            };
            let Some(trees) = step.kernel.trees() else {
                continue;
            };
            let arguments = reached.arguments(&step.operands);
            trees.outcomes(&arguments, forest.tests(), slots, holds)?;
            margin += forest.explain(holds, failed, contributions);
        }
        if margin.is_finite() && contributions.iter().all(|x| x.is_finite()) {
            return Ok(margin);
        }
        let detail = "its raw margin, or a contribution to it, is no finite number".to_owned();
        Err(ModelError::Failed { detail })
    }
}

impl NativeExplainer {
    /// Compares a row with the signature.
    fn check(&self, row: &[InputTensor<'_>], contributions: &[f64]) -> Result<(), ModelError> {
        let fits = |(input, &(element, width)): (&InputTensor<'_>, &(ElementType, usize))| {
            input.element() == element && input.dim() == (1, width)
        };
        let all = row.len() == self.inputs.len() && row.iter().zip(&self.inputs).all(fits);
        if all && contributions.len() == self.n_players {
            return Ok(());
        }
        let detail = format!(
            "an explanation takes one row of the {} inputs, and room for {} contributions",
            self.inputs.len(),
            self.n_players
        );
        Err(ModelError::Shape { detail })
    }
}
