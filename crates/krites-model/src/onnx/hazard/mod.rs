//! What ONNX Runtime would not survive, looked for before it sees a model.
//!
//! Each rule stands for files with which ONNX Runtime crashed, or did not come back and
//! could not be cut: docs/models.md lists them, tests of `krites-onnxruntime` hold them.
//!
//! Invariant: takes time and memory in proportion to the file, and no deep stack.

mod attributes;
mod fact;
mod functions;
mod loops;
mod operators;
mod result;
mod trees;
mod walk;

use crate::ElementType;
use crate::onnx::OnnxModel;

use fact::{Fact, Kind, Scope};
use functions::Functions;
use walk::Walk;

/// Why a model is not handed to ONNX Runtime: it would crash, or not come back
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{node} {problem}")]
#[non_exhaustive]
pub struct Hazard {
    /// Name or place of the node
    pub node: String,
    /// What of it ONNX Runtime would not survive
    pub problem: String,
    /// What to do
    pub remedy: &'static str,
}

/// The most nodes, bodies among them, for which a session is made: the time of that grows
/// with their square
const NODES: u64 = 50_000;

impl OnnxModel {
    /// Checks that ONNX Runtime can be given the model: that no node of it is known to
    /// crash the process, or to go on without a point at which it can be cut.
    ///
    /// Native models need no such check.
    ///
    /// # Errors
    ///
    /// [`Hazard`] names the first node that is refused.
    pub fn check_hazards(&self) -> Result<(), Hazard> {
        let functions = Functions::of(&self.functions)?;
        let nodes = || self.graph.nodes.iter().map(|node| &node.proto);
        let (n_nodes, n_inlined) = functions.count(nodes());
        if n_nodes > NODES {
            return Err(Hazard {
                node: "the graph".to_owned(),
                problem: format!("has {n_nodes} nodes, more than {NODES}"),
                remedy: "export the model with fewer nodes, or with native operators",
            });
        }
        functions.check_inlined(n_inlined)?;
        let mut scope = Scope::default();
        for (name, constant) in &self.graph.constants {
            let fact = constant.as_deref().map_or(Fact::UNKNOWN, Fact::of_tensor);
            scope.set(name, fact);
        }
        for input in &self.inputs {
            let kind = match input.element {
                ElementType::Integer => Kind::Integer,
                _ => Kind::Other,
            };
            scope.set(
                &input.name,
                Fact {
                    kind,
                    held: true,
                    live: true,
                    size: input.width.unwrap_or(1) as u64,
                    ..Fact::UNKNOWN
                },
            );
        }
        let named = self.graph.nodes.iter();
        let named = named.map(|node| (Some(node.label.as_str()), &node.proto));
        Walk::new(&functions).nodes(named, &mut scope, None)
    }
}
