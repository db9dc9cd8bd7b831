//! Loops: what tells how often they turn, and whether a turn can be cut.

use super::Hazard;
use super::fact::{Fact, Kind, Scope};
use super::functions::{Frame, attribute};
use super::walk::{Walk, unnamed};
use crate::onnx::proto::{GraphProto, NodeProto};

/// A loop or a scan, which run their body again and again
struct Turns<'m, 'p> {
    node: &'m NodeProto,
    body: &'m GraphProto,
    place: &'p str,
}

impl<'m> Walk<'m, '_> {
    /// Walks a loop, and returns what is known of its results.
    pub(super) fn turning(
        &mut self,
        node: &'m NodeProto,
        place: &str,
        scope: &Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<Vec<Fact>, Hazard> {
        let body = attribute(node, "body", frame).and_then(|body| body.g.as_deref());
        let Some(body) = body else {
            // ONNX Runtime says so.
            return Ok(Vec::new());
        };
        let turns = Turns { node, body, place };
        let given = node.input.iter().map(|name| scope.get(name));
        let mut inputs: Vec<Fact> = given
            .map(|fact| Fact {
                live: true,
                made: false,
                counted: false,
                whole: None,
                ..fact
            })
            .collect();
        let is_loop = node.op_type == "Loop";
        if is_loop {
            turns.check_counts(scope)?;
            let turn = Fact {
                kind: Kind::Integer,
                held: true,
                live: true,
                ..Fact::UNKNOWN
            };
            let goes_on = Fact {
                kind: Kind::Other,
                ..turn.clone()
            };
            inputs.splice(..inputs.len().min(2), [turn, goes_on]);
        } else {
            for input in &mut inputs {
                input.held = false;
            }
        }
        let mut results = self.turn(&turns, &inputs, scope, frame)?;
        // What is carried is taken to have elements as long as each turn keeps some.
        let carried = inputs.iter().skip(1).zip(&results);
        if is_loop
            && carried
                .clone()
                .any(|(given, made)| given.held && !made.held)
        {
            for input in inputs.iter_mut().skip(2) {
                input.held = false;
            }
            results = self.turn(&turns, &inputs, scope, frame)?;
        }
        if is_loop && !results.first().is_none_or(|goes_on| goes_on.held) {
            return Err(turns.hazard("goes on by a value of its body that may be empty"));
        }
        let skipped = usize::from(is_loop);
        let held = results.iter().skip(skipped).enumerate();
        Ok(held
            .map(|(idx, result)| Fact {
                held: is_loop && result.held && inputs.get(idx + 2).is_some_and(|given| given.held),
                live: true,
                made: true,
                counted: false,
                whole: None,
                size: 1,
                ..result.clone()
            })
            .collect())
    }

    /// Walks a turn, and returns what is known of what the body gives.
    fn turn(
        &mut self,
        turns: &Turns<'m, '_>,
        inputs: &[Fact],
        scope: &Scope<'m, '_>,
        frame: Option<&Frame<'m, '_>>,
    ) -> Result<Vec<Fact>, Hazard> {
        let mut inner = Scope::of_body(turns.body, scope);
        for (input, fact) in turns.body.input.iter().zip(inputs) {
            inner.set(&input.name, fact.clone());
        }
        self.nodes(unnamed(&turns.body.node), &mut inner, frame)?;
        let outputs = || turns.body.output.iter().map(|output| output.name.as_str());
        let stays = |name| inner.own(name).is_some_and(|fact| fact.made && fact.live);
        if !outputs().any(stays) {
            return Err(turns.hazard(
                "has a body in which nothing is computed from what is carried, so that it could not be cut",
            ));
        }
        Ok(outputs().map(|name| inner.get(name)).collect())
    }
}

impl Turns<'_, '_> {
    /// Checks that there are elements to read how often and whether to turn.
    fn check_counts(&self, scope: &Scope<'_, '_>) -> Result<(), Hazard> {
        let mut counts = self.node.input.iter().take(2);
        if counts.any(|name| !name.is_empty() && !scope.get(name).held) {
            return Err(self.hazard("turns as often as a value says that may be empty"));
        }
        Ok(())
    }

    fn hazard(&self, problem: &str) -> Hazard {
        Hazard {
            node: self.place.to_owned(),
            problem: problem.to_owned(),
            remedy: "export the model without loops, or with loops over values of a fixed shape",
        }
    }
}
