//! Findings that are accepted: whether there is such a code, and such a part of the
//! policy. Whether there is something to accept is found out in `analyse`.

use std::sync::Arc;

use super::fired::RuleHead;
use super::{Checker, Env, codes, items};
use crate::ast::{self, Item};
use crate::ir::{Accepted, Within};
use crate::{Code, Diagnostic, Help, Span, explain};

/// Codes from here on are of what is found over all cases
const FINDINGS: Code = Code(900);

impl Checker<'_> {
    pub(super) fn check_accepted(&mut self) -> Option<Vec<Accepted>> {
        let file = self.file;
        let found: Vec<_> = items!(file, Accept)
            .map(|decl| self.accepted(decl))
            .collect();
        found.into_iter().collect()
    }

    fn accepted(&mut self, decl: &ast::AcceptDecl) -> Option<Accepted> {
        let code = self.accepted_code(&decl.code);
        let within = match &decl.within {
            Some(path) => Some(self.part_of_policy(path)?),
            None => None,
        };
        Some(Accepted {
            code: code?,
            within,
            reason: Arc::from(decl.reason.text.as_str()),
            span: decl.span,
        })
    }

    fn accepted_code(&mut self, written: &ast::Name) -> Option<Code> {
        let Some(code) = finding(&written.text) else {
            let upper = written.text.to_uppercase();
            let help = match finding(&upper) {
                Some(_) => Help::write(&upper),
                None => "write the code that `krites check` shows, as in `accept K0903 …`".into(),
            };
            self.report(
                Diagnostic::error(
                    codes::NO_SUCH_CODE,
                    format!("there is no code `{}`", written.text),
                    written.span,
                )
                .help(help),
            );
            return None;
        };
        if code < FINDINGS {
            self.report(
                Diagnostic::error(
                    codes::ERRORS_ARE_MENDED,
                    format!("{code} is an error, which is mended and not accepted"),
                    written.span,
                )
                .help(format!(
                    "remove this line; `krites explain-code {code}` tells what to do"
                )),
            );
            return None;
        }
        Some(code)
    }

    /// Finds where a part of the policy stands, or what several names begin with.
    fn part_of_policy(&mut self, path: &ast::Path) -> Option<Within> {
        let below = format!("{}.", path.text);
        let mut places: Vec<Span> = (self.names.below(&below))
            .map(|(_, _, declared)| self.place_of(declared))
            .collect();
        let rule = self.rule_heads.get(&path.text).map(RuleHead::place);
        let reason = self.names.reasons.get(path.text.as_str());
        places.extend(rule.or_else(|| reason.map(|reason| reason.decl.span)));
        if let Some((_, declared)) = self.names.get(&path.text) {
            places.push(self.place_of(declared));
        }
        if places.is_empty() {
            let (_, declared) = self.resolve(path, &Env::after_decide())?;
            places.push(declared);
        }
        Some(Within {
            name: Arc::from(path.text.as_str()),
            places,
        })
    }

    /// Finds the whole of what is declared under a name.
    fn place_of(&self, declared: Span) -> Span {
        let file = self.file;
        let mut items = file.items.iter().zip(&file.places);
        let entry = match items.find(|(_, place)| place.contains(declared)) {
            Some((Item::Define(definitions), _)) => {
                let mut entries = definitions.iter().map(|definition| definition.span);
                entries.find(|entry| entry.contains(declared))
            }
            Some((Item::Input(_), _)) => None,
            item => item.map(|(_, place)| *place),
        };
        entry.unwrap_or(declared)
    }
}

/// Reads a code that there is, such as `K0903`.
fn finding(written: &str) -> Option<Code> {
    let number = written.strip_prefix('K')?;
    let code = number.parse().ok().map(Code)?;
    explain(code)
        .map(|page| page.code)
        .filter(|_| number.len() == 4)
}
