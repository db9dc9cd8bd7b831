//! What is fed to a model as reasons for what it answers.

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{Adverse, FeatureReason, ModelReasons, Name};
use crate::scan::Node;

impl Reader<'_> {
    /// Builds `reasons for high probability verified { … }`; `None` where an entry is
    /// broken.
    pub(super) fn model_reasons(&mut self, head: &Pair<'_>, entry: &Node) -> Option<ModelReasons> {
        let of = match part(head, Rule::explained) {
            Some(explained) => Some((adverse(&explained)?, self.last_name(&explained)?)),
            None => None,
        };
        let verified = part(head, Rule::kw_verified).map(|word| self.span(&word));
        let mut features = Vec::new();
        let mut broken = false;
        for entry in entry.body.as_deref()? {
            let Some(pair) = self.entry(Rule::features_entry, entry) else {
                broken = true;
                continue;
            };
            let parts = pair.into_inner();
            for part in parts.filter(|part| part.as_rule() == Rule::feature_reason) {
                match self.feature_reason(&part) {
                    Some(feature) => features.push(feature),
                    None => broken = true,
                }
            }
        }
        (!broken).then(|| ModelReasons {
            of,
            verified,
            features,
            span: self.span_of(entry),
        })
    }

    fn feature_reason(&mut self, pair: &Pair<'_>) -> Option<FeatureReason> {
        let feature = match (part(pair, Rule::text), part(pair, Rule::path)) {
            (Some(text), _) => {
                let text = self.quoted(&text);
                Name {
                    text: text.text,
                    span: text.span,
                }
            }
            (None, path) => {
                let path = self.path(&path?);
                match part(pair, Rule::index) {
                    Some(index) => Name {
                        text: format!("{}[{}]", path.text, self.index(&index)?),
                        span: path.span.to(self.tight_span(&index)),
                    },
                    None => Name {
                        text: path.text,
                        span: path.span,
                    },
                }
            }
        };
        Some(FeatureReason {
            feature,
            because: self.last_name(pair)?,
            span: self.tight_span(pair),
        })
    }
}

fn adverse(explained: &Pair<'_>) -> Option<Adverse> {
    match part(explained, Rule::adverse)?.as_str() {
        "low" => Some(Adverse::Low),
        _ => Some(Adverse::High),
    }
}
