//! Cases decided again in shadow.

use super::items::{alone, titled};
use super::lines::Writer;
use super::phrase::Phrase;
use crate::ast::ShadowDecl;

impl Writer<'_> {
    pub(super) fn shadow(&mut self, decl: &ShadowDecl, at: u32) {
        self.open(at, titled("shadow", &decl.name.text, None));
        // In the order written: comments stand at the lines
        let compare_first =
            decl.compare_span.map(|span| span.start) < decl.with_span.map(|span| span.start);
        if compare_first {
            self.compared(decl);
        }
        if let Some(span) = decl.with_span {
            let mut line = Phrase::from("with ");
            for (at, replaced) in decl.with.iter().enumerate() {
                super::expr::separate(at, &mut line);
                line.name(&replaced.model.text);
                line.push(" = ");
                line.name(&replaced.by.text);
            }
            self.entry(span.start, alone(line));
        }
        if !compare_first {
            self.compared(decl);
        }
        self.close(at);
    }

    fn compared(&mut self, decl: &ShadowDecl) {
        if let Some(span) = decl.compare_span {
            let mut line = Phrase::from("compare ");
            for (at, path) in decl.compare.iter().enumerate() {
                super::expr::separate(at, &mut line);
                line.name(&path.text);
            }
            self.entry(span.start, alone(line));
        }
    }
}
