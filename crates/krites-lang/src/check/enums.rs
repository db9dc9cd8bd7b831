//! Enums and their labels.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes};
use crate::ast;
use crate::ids::EnumId;
use crate::ir;
use crate::{Diagnostic, Span};

/// How many labels a message lists at most
const MAX_LISTED: usize = 12;

impl<'a> Checker<'a> {
    pub(super) fn declare_enum(&mut self, decl: &'a ast::EnumDecl) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut wires: HashMap<&str, Span> = HashMap::new();
        let mut codes_seen: HashMap<i64, Span> = HashMap::new();
        let mut labels = Vec::with_capacity(decl.labels.len());
        let mut labels_named = Vec::with_capacity(decl.labels.len());
        for label in &decl.labels {
            if let Some(before) = seen.insert(&label.name.text, label.name.span) {
                self.report_twice(&label.name.text, label.name.span, before);
                continue;
            }
            let (wire, wire_span) = match &label.wire {
                Some(wire) => (wire.text.as_str(), wire.span),
                None => (label.name.text.as_str(), label.name.span),
            };
            if let Some(before) = wires.insert(wire, wire_span) {
                self.report(
                    Diagnostic::error(
                        codes::ENUM_WIRE_TWICE,
                        format!("two labels have the text \"{wire}\" on the wire"),
                        wire_span,
                    )
                    .evidence(before, "the first one")
                    .help("give each label a text of its own"),
                );
            }
            if let Some((code, span)) = label.code
                && let Some(before) = codes_seen.insert(code, span)
            {
                self.report(
                    Diagnostic::error(
                        codes::ENUM_WIRE_TWICE,
                        format!("two labels have the code {code}"),
                        span,
                    )
                    .evidence(before, "the first one")
                    .help("give each label the code that the model was trained with"),
                );
            }
            labels_named.push(label.name.text.as_str());
            labels.push(ir::Label {
                name: Arc::from(label.name.text.as_str()),
                wire: Arc::from(wire),
                code: label.code.map(|(code, _)| code),
            });
        }
        let id = crate::Id::new(self.enums.len());
        for (position, label) in (0_u32..).zip(labels_named) {
            self.labels.insert((id, label), position);
        }
        let found = ir::EnumType {
            name: decl.name.text.clone(),
            labels,
            ordered: decl.ordered,
            span: decl.name.span,
        };
        self.enums.push(found);
        self.enum_decls.push(decl);
        self.own_labels(id);
        self.declare(&decl.name.text, Meaning::Enum(id), decl.name.span);
    }

    /// Finds a label of an enum; reports one that it lacks.
    pub(super) fn label(&mut self, id: EnumId, name: &ast::Name) -> Option<u32> {
        if let Some(position) = self.label_position(id, &name.text) {
            return Some(position);
        }
        let found = &self.enums[id];
        let labels = found.labels.iter().map(|label| &*label.name);
        let help = match self.close(&name.text, labels) {
            Some(close) => close.meant(),
            None => self.labels_in_words(id).into(),
        };
        let headline = format!("`{}` has no label `{}`", found.name, name.text);
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_LABEL, headline, name.span).help(help);
        if let Some(span) = self.enum_span(id) {
            diagnostic = diagnostic.evidence(span, "declared here");
        }
        self.report(diagnostic);
        None
    }

    pub(super) fn label_position(&self, id: EnumId, label: &str) -> Option<u32> {
        self.labels.get(&(id, label)).copied()
    }

    /// Lists the labels of an enum, the first ones where there are many.
    pub(super) fn labels_in_words(&self, id: EnumId) -> String {
        let labels = &self.enums[id].labels;
        let shown: Vec<&str> = labels
            .iter()
            .take(MAX_LISTED)
            .map(|label| &*label.name)
            .collect();
        let more = if labels.len() > shown.len() {
            ", …"
        } else {
            ""
        };
        format!("its labels are {}{more}", shown.join(", "))
    }

    /// Notes whose the labels of an enum are, for the file at hand.
    pub(super) fn own_labels(&mut self, id: EnumId) {
        if let Some(decl) = self.enum_decls.get(crate::Id::position(id)) {
            for label in &decl.labels {
                let owner = self.names.label_owners.entry(&label.name.text);
                owner.or_insert(id);
            }
        }
    }

    /// The first enum that has this label.
    pub(super) fn label_owner(&self, label: &str) -> Option<&str> {
        let id = self.names.label_owners.get(label)?;
        Some(&self.enums[*id].name)
    }

    pub(super) fn enum_span(&self, id: EnumId) -> Option<Span> {
        self.enum_decls
            .get(crate::Id::position(id))
            .map(|decl| decl.name.span)
    }
}
