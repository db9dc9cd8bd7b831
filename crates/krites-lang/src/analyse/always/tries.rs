//! Cases that are tried, until one breaks what must always hold.

use super::super::case::Case;
use super::sample::{Choose, sample};
use crate::ids::AlwaysId;
use crate::ir::{Policy, Test};
use crate::{Frame, Program};

/// So many cases are tried of a box that is left, and of all that is left in the end
const OF_A_BOX: u64 = 3;
const IN_THE_END: u64 = 150;
/// So many are tried for one `always`
const AT_MOST: u32 = 900;

/// A case that was decided and behind which something is broken
#[derive(Debug)]
pub(in crate::analyse) struct Witness {
    /// The case
    pub(in crate::analyse) case: Test,
    /// What it came to
    pub(in crate::analyse) came_to: String,
}

/// The evaluator, made when a case is tried first
pub(super) struct Tries<'p> {
    policy: &'p Policy,
    evaluator: Option<(Program, Frame)>,
    id: AlwaysId,
    left: u32,
    seed: u64,
}

impl<'p> Tries<'p> {
    pub(super) fn new(policy: &'p Policy) -> Self {
        Tries {
            policy,
            evaluator: None,
            id: crate::Id::new(0),
            left: 0,
            seed: 0,
        }
    }

    /// Begins with another `always`.
    pub(super) fn begin(&mut self, id: AlwaysId) {
        self.id = id;
        self.left = AT_MOST;
        self.seed = 0;
    }

    /// Tries some cases of a box.
    pub(super) fn within(&mut self, case: &Case<'p>) -> Option<Witness> {
        self.some(case, OF_A_BOX)
    }

    /// Tries many cases of a box that could not be told apart further.
    pub(super) fn anywhere(&mut self, case: &Case<'p>) -> Option<Witness> {
        self.some(case, IN_THE_END)
    }

    fn some(&mut self, case: &Case<'p>, count: u64) -> Option<Witness> {
        for at in 0..count {
            if self.left == 0 {
                return None;
            }
            self.left -= 1;
            self.seed += 1;
            // The plainest case of each box first
            let seed = if at == 0 { 0 } else { self.seed };
            let tried = sample(case, &mut Choose::new(seed));
            if let Some(witness) = tried.and_then(|case| self.broken(case)) {
                return Some(witness);
            }
        }
        None
    }

    fn broken(&mut self, mut case: Test) -> Option<Witness> {
        let policy = self.policy;
        let (program, frame) = self.evaluator.get_or_insert_with(|| {
            let program = Program::compile(policy.clone());
            let frame = program.frame();
            (program, frame)
        });
        let broken = program.breaks(&mut case, self.id, frame);
        broken.then(|| Witness {
            case,
            came_to: program.came_to(self.id, frame),
        })
    }
}
