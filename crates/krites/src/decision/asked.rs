//! What other policies decided that were asked.

use krites_lang::PolicyState;

use super::Decision;

/// Another policy that is asked
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its name in the policy that asks
    pub name: &'a str,
    /// Whether it was asked, and what came of it
    pub state: PolicyState,
    /// Its own decision, where it was asked and decided
    pub decision: Option<Decision<'a>>,
}

impl<'a> Decision<'a> {
    /// Walks the other policies that the policy asks, in its order, each with its own
    /// decision by the same release.
    pub fn asked(&self) -> impl Iterator<Item = Asked<'a>> + use<'a> {
        let Decision {
            release,
            policy,
            frame,
        } = *self;
        let declared = policy.program().policy().subpolicies.iter_ids();
        declared
            .zip(&policy.asked)
            .map(move |((id, declared), policy)| {
                let inner = frame.policy_frame(id);
                Asked {
                    name: &declared.name,
                    state: frame.policy(id),
                    decision: inner.map(|frame| Decision {
                        release,
                        policy,
                        frame,
                    }),
                }
            })
    }
}
