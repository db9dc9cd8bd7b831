//! Functions that a model defines for itself: how deep they call each other, and what
//! they come to when each call is replaced by the function's nodes, as ONNX Runtime does.

use std::collections::BTreeMap;

use super::Hazard;
use crate::onnx::graph::{domain, label};
use crate::onnx::proto::{AttributeProto, FunctionProto, NodeProto};
use crate::onnx::shown;

/// How deep functions may call each other: ONNX Runtime follows them on the stack
const DEPTH: u64 = 32;

/// The most nodes that calls may come to: ONNX Runtime takes seconds for so many
const INLINED: u64 = 8_000;

const REMEDY: &str = "export the model without functions, or with fewer and flatter ones";

/// The functions of a model by domain and name
pub(super) struct Functions<'m> {
    all: BTreeMap<(&'m str, &'m str), Function<'m>>,
}

struct Function<'m> {
    proto: &'m FunctionProto,
    /// Nodes when all calls in it are replaced
    inlined: u64,
    /// How deep it calls others; 1 where it calls none
    height: u64,
}

/// A call that is being followed, so that attributes can be found that it hands on
#[derive(Clone, Copy)]
pub(super) struct Frame<'m, 'f> {
    pub(super) call: &'m NodeProto,
    pub(super) function: &'m FunctionProto,
    pub(super) outer: Option<&'f Frame<'m, 'f>>,
}

impl<'m> Functions<'m> {
    /// Measures the functions.
    pub(super) fn of(protos: &'m [FunctionProto]) -> Result<Self, Hazard> {
        let by_name: BTreeMap<_, _> = protos
            .iter()
            .map(|proto| ((domain(&proto.domain), proto.name.as_str()), proto))
            .collect();
        let mut functions = Self {
            all: BTreeMap::new(),
        };
        for &key in by_name.keys() {
            functions.measure(key, &by_name, DEPTH)?;
        }
        Ok(functions)
    }

    /// Measures a function behind those that it calls, to a depth that is left.
    fn measure(
        &mut self,
        key: (&'m str, &'m str),
        by_name: &BTreeMap<(&'m str, &'m str), &'m FunctionProto>,
        left: u64,
    ) -> Result<(), Hazard> {
        let Some(&proto) = by_name.get(&key) else {
            return Ok(());
        };
        let known = self.all.get(&key).map(|known| known.height);
        if left == 0 || known.is_some_and(|height| height > left) {
            return Err(Hazard {
                node: format!("the function `{}`", shown(key.1)),
                problem: format!("calls others more than {DEPTH} deep, or itself"),
                remedy: REMEDY,
            });
        }
        if known.is_some() {
            return Ok(());
        }
        let (mut inlined, mut height) = (0_u64, 0);
        for node in all_nodes(proto.node.iter()) {
            inlined = inlined.saturating_add(1);
            let callee = key_of(node);
            if by_name.contains_key(&callee) {
                self.measure(callee, by_name, left - 1)?;
                if let Some(called) = self.all.get(&callee) {
                    inlined = inlined.saturating_add(called.inlined);
                    height = height.max(called.height);
                }
            }
        }
        self.all.insert(
            key,
            Function {
                proto,
                inlined,
                height: height + 1,
            },
        );
        Ok(())
    }

    /// Finds the function that a node calls.
    pub(super) fn called(&self, node: &'m NodeProto) -> Option<&'m FunctionProto> {
        self.all.get(&key_of(node)).map(|function| function.proto)
    }

    /// Tells whether the model defines a function of this domain.
    pub(super) fn defines(&self, node: &NodeProto) -> bool {
        self.all.contains_key(&key_of(node))
    }

    /// Counts nodes, those in bodies among them, and what calls among them come to.
    pub(super) fn count(&self, nodes: impl Iterator<Item = &'m NodeProto>) -> (u64, u64) {
        let (mut n_nodes, mut n_inlined) = (0_u64, 0_u64);
        for node in all_nodes(nodes) {
            n_nodes += 1;
            let called = self.all.get(&key_of(node));
            n_inlined = n_inlined.saturating_add(called.map_or(0, |called| called.inlined));
        }
        (n_nodes, n_inlined)
    }

    /// Refuses calls that come to too many nodes.
    pub(super) fn check_inlined(&self, n_inlined: u64) -> Result<(), Hazard> {
        if n_inlined <= INLINED {
            return Ok(());
        }
        Err(Hazard {
            node: "the graph".to_owned(),
            problem: format!("calls functions that come to more than {INLINED} nodes"),
            remedy: REMEDY,
        })
    }
}

/// Finds an attribute of a node, by way of the call that hands it on.
pub(super) fn attribute<'m>(
    node: &'m NodeProto,
    name: &str,
    frame: Option<&Frame<'m, '_>>,
) -> Option<&'m AttributeProto> {
    let (mut node, mut name, mut frame) = (node, name, frame);
    loop {
        let found = node.attribute.iter().find(|found| found.name == name);
        let Some(found) = found else {
            // A call that does not have it leaves it to the function's own value.
            return None;
        };
        if found.ref_attr_name.is_empty() {
            return Some(found);
        }
        let at = frame?;
        name = &found.ref_attr_name;
        if !at.call.attribute.iter().any(|given| given.name == name) {
            let mut defaults = at.function.attribute_proto.iter();
            return defaults.find(|default| default.name == name);
        }
        (node, frame) = (at.call, at.outer);
    }
}

fn key_of(node: &NodeProto) -> (&str, &str) {
    (domain(&node.domain), &node.op_type)
}

/// Lists nodes with those in their bodies.
fn all_nodes<'m>(
    nodes: impl Iterator<Item = &'m NodeProto>,
) -> impl Iterator<Item = &'m NodeProto> {
    let mut open: Vec<&NodeProto> = nodes.collect();
    std::iter::from_fn(move || {
        let node = open.pop()?;
        for attribute in &node.attribute {
            let bodies = attribute.g.as_deref().into_iter().chain(&attribute.graphs);
            open.extend(bodies.flat_map(|body| &body.node));
        }
        Some(node)
    })
}

/// Names the place of a node in a function.
pub(super) fn place(idx: usize, node: &NodeProto, frame: Option<&Frame<'_, '_>>) -> String {
    let label = label(idx, node);
    match frame {
        Some(frame) => format!("{label} of the function `{}`", shown(&frame.function.name)),
        None => label,
    }
}
