//! A walk over all nodes in the order in which they run, with what is known of values.

use super::fact::{Fact, Kind, Scope};
use super::functions::{Frame, Functions, attribute, place};
use super::result::{either, kind, number, result};
use super::{Hazard, attributes, operators, trees};
use crate::onnx::graph::domain;
use crate::onnx::proto::{GraphProto, NodeProto};

/// Nodes that are looked at, those of bodies and functions each time anew
const STEPS: u64 = 2_000_000;

/// Elements for each row that a node may make out of little
const ELEMENTS: u64 = 64 << 20;

pub(super) struct Walk<'m, 'f> {
    functions: &'f Functions<'m>,
    steps: u64,
}

impl<'m, 'f> Walk<'m, 'f> {
    pub(super) fn new(functions: &'f Functions<'m>) -> Self {
        Self {
            functions,
            steps: STEPS,
        }
    }

    /// Walks nodes, and notes what is known of their results.
    pub(super) fn nodes(
        &mut self,
        nodes: impl Iterator<Item = (Option<&'m str>, &'m NodeProto)>,
        scope: &mut Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<(), Hazard> {
        for (idx, (label, node)) in nodes.enumerate() {
            let place = || match label {
                Some(label) => label.to_owned(),
                None => place(idx, node, frame),
            };
            let results = self
                .node(&place, node, scope, frame)
                .map_err(|hazard| match hazard {
                    Found::Here(problem, remedy) => Hazard {
                        node: place(),
                        problem,
                        remedy,
                    },
                    Found::Within(hazard) => hazard,
                })?;
            let known = results.into_iter().chain(std::iter::repeat(Fact::UNKNOWN));
            for (output, fact) in node.output.iter().zip(known) {
                scope.set(output, fact);
            }
        }
        Ok(())
    }

    fn node(
        &mut self,
        place: &dyn Fn() -> String,
        node: &'m NodeProto,
        scope: &Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<Vec<Fact>, Found> {
        self.steps = self.steps.checked_sub(1).ok_or(Found::Here(
            "stands in too many loops within loops".to_owned(),
            "export the model with flatter loops",
        ))?;
        if let Some(function) = self.functions.called(node) {
            return Ok(self.call(node, function, scope, frame)?);
        }
        let wrong = operators::not_trusted(node, self.functions)
            .or_else(|| attributes::out_of_bounds(node, frame))
            .or_else(|| trees::too_deep(node));
        if let Some(problem) = wrong {
            let remedy = "export the model again, with plain operators and right attributes";
            return Err(Found::Here(problem, remedy));
        }
        let default = domain(&node.domain).is_empty();
        if default && matches!(node.op_type.as_str(), "Loop" | "Scan") {
            return Ok(self.turning(node, &place(), scope, frame)?);
        }
        let inputs: Vec<Fact> = node.input.iter().map(|name| scope.get(name)).collect();
        let mut bodies = Vec::new();
        for given in &node.attribute {
            let given = attribute(node, &given.name, frame).unwrap_or(given);
            for body in given.g.as_deref().into_iter().chain(&given.graphs) {
                bodies.push(self.body(body, scope, frame)?);
            }
        }
        if let ([then, otherwise], "If") = (bodies.as_slice(), node.op_type.as_str()) {
            // Where the condition is constant, what stands in the branch takes its place.
            let stays = inputs.first().is_some_and(|condition| condition.live);
            let both = then.iter().zip(otherwise);
            return Ok(both.map(|(a, b)| either(a, b, stays)).collect());
        }
        division(node, &inputs, frame)?;
        let fact = result(node, &inputs, frame);
        if fact.size > ELEMENTS {
            let problem = format!("makes more than {ELEMENTS} elements out of little");
            return Err(Found::Here(problem, "export the model with smaller shapes"));
        }
        let kinds = (0..node.output.len()).map(|at| kind(node, at, &inputs, frame));
        Ok(kinds
            .map(|kind| Fact {
                kind,
                ..fact.clone()
            })
            .collect())
    }

    /// Walks the nodes of a function, as often as it is called.
    fn call(
        &mut self,
        node: &'m NodeProto,
        function: &'m crate::onnx::proto::FunctionProto,
        scope: &Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<Vec<Fact>, Hazard> {
        let mut inner = Scope::default();
        for (input, given) in function.input.iter().zip(&node.input) {
            inner.set(
                input,
                Fact {
                    made: false,
                    ..scope.get(given)
                },
            );
        }
        let inside = Frame {
            call: node,
            function,
            outer: frame,
        };
        self.nodes(unnamed(&function.node), &mut inner, Some(&inside))?;
        Ok(function.output.iter().map(|name| inner.get(name)).collect())
    }

    /// Walks a body, and returns what is known of its results.
    fn body(
        &mut self,
        body: &'m GraphProto,
        scope: &Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<Vec<Fact>, Hazard> {
        let mut inner = Scope::of_body(body, scope);
        self.nodes(unnamed(&body.node), &mut inner, frame)?;
        let outputs = body.output.iter();
        Ok(outputs.map(|output| inner.get(&output.name)).collect())
    }
}

/// Nodes that have no names for messages yet
pub(super) fn unnamed(nodes: &[NodeProto]) -> impl Iterator<Item = (Option<&str>, &NodeProto)> {
    nodes.iter().map(|node| (None, node))
}

/// A hazard with its place, or one whose place is the node at hand
enum Found {
    Here(String, &'static str),
    Within(Hazard),
}

impl From<Hazard> for Found {
    fn from(hazard: Hazard) -> Self {
        Self::Within(hazard)
    }
}

/// Refuses a division of whole numbers that may meet zero, or the least number by -1: the
/// processor stops the process for either, in versions that do not look.
fn division<'m>(
    node: &'m NodeProto,
    inputs: &[Fact],
    frame: Option<&Frame<'m, '_>>,
) -> Result<(), Found> {
    let ([by_what @ .., by], "Div" | "Mod") = (inputs, node.op_type.as_str()) else {
        return Ok(());
    };
    let other = inputs.iter().any(|input| input.kind == Kind::Other);
    let known = by.whole.as_ref();
    let safe = known.is_some_and(|all| all.iter().all(|&by| by != 0 && by != -1));
    let by_remainder = node.op_type == "Mod" && number(node, "fmod", frame) == Some(1);
    if other || safe || by.counted || by_remainder || by_what.is_empty() {
        return Ok(());
    }
    Err(Found::Here(
        "divides whole numbers by what may be 0 or -1".to_owned(),
        "divide by a constant other than 0 and -1, or divide floats",
    ))
}
