//! What an expression reads.

use super::{Edge, Flow, How, Node};
use crate::Span;
use crate::ir::{Expr, ExprKind, Over, Policy, Value};
use crate::types::Ty;

/// What rests on what is read
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'p> {
    pub(super) node: Node,
    pub(super) how: How<'p>,
}

impl<'p> Flow<'p> {
    /// Adds what an expression names, anywhere within it. A function reads its arguments
    /// alone, so that they stand for the call.
    pub(super) fn reads(&mut self, policy: &'p Policy, expr: &Expr, by: Reader<'p>) {
        match &expr.kind {
            ExprKind::Value(value)
            | ExprKind::Present(value)
            | ExprKind::IfMissing(value, _)
            | ExprKind::Stage(value) => self.value(*value, by, expr.span),
            ExprKind::Distribution(found) => self.value(found.labels.value(), by, expr.span),
            ExprKind::Asked(id, answer) => {
                self.read(Node::Subpolicy(*id), Some(*answer), by, expr.span);
            }
            ExprKind::Fired(rule, _) => self.read(Node::Fires(*rule), None, by, expr.span),
            ExprKind::Aggregate(aggregate) => {
                self.elements(policy, &aggregate.over, by, expr.span);
            }
            _ => {}
        }
        self.currency(expr.ty, by, expr.span);
        expr.each_part(&mut |part| self.reads(policy, part, by));
    }

    /// Adds what is named where no decision asks for it, such as in a test.
    pub(in crate::analyse) fn named_by(&mut self, policy: &'p Policy, node: Node, expr: &Expr) {
        let how = How::Reads;
        self.reads(policy, expr, Reader { node, how });
    }

    /// An amount in the currency of the case rests on what names it.
    pub(super) fn currency(&mut self, ty: Ty, by: Reader<'p>, span: Span) {
        if let Ty::MoneyOf(currency) = ty {
            self.read(Node::Input(currency), None, by, span);
        }
    }

    fn elements(&mut self, policy: &'p Policy, over: &Over, by: Reader<'p>, span: Span) {
        match over {
            Over::Series { inputs, .. } => {
                for input in inputs {
                    self.read(Node::Input(*input), None, by, span);
                }
            }
            Over::List { list, .. } => self.read(Node::List(*list), None, by, span),
            Over::Rows { table, fields } => {
                self.read(rows_of(policy, *table), None, by, span);
                for (output, _) in fields {
                    self.read(Node::Cell(*table, *output), None, by, span);
                }
            }
            Over::Labels { labels, .. } => self.value(labels.value(), by, span),
        }
    }

    /// Adds a value that is read.
    pub(super) fn value(&mut self, value: Value, by: Reader<'p>, span: Span) {
        let (node, answer) = match value {
            Value::Input(id) => (Node::Input(id), None),
            Value::Definition(id) => (Node::Definition(id), None),
            Value::Table(id, output) => (Node::Cell(id, output), None),
            Value::Model(id, answer) => (Node::Model(id), Some(answer)),
            Value::Local(id) => (Node::Local(id), None),
            Value::DecisionDate => return,
            // What is decided is a result itself, and what reads it is one.
            Value::Outcome | Value::Decided(_) => return,
        };
        self.read(node, answer, by, span);
    }

    pub(super) fn read(&mut self, from: Node, answer: Option<u32>, by: Reader<'p>, span: Span) {
        self.add(Edge {
            from,
            to: by.node,
            how: by.how,
            answer,
            span,
        });
    }
}

/// The rows of a table that count.
pub(super) fn rows_of(policy: &Policy, table: crate::ids::TableId) -> Node {
    match policy.tables[table].ranking {
        Some(_) => Node::Kept(table),
        None => Node::Rows(table),
    }
}
