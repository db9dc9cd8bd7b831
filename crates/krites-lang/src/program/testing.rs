//! What tests of compiled policies share.

use super::Program;
use crate::{ModelInterface, ModelProblem, ModelSource, Sources, check, ir, parse};

/// SplitMix64 (Steele, Lea, Flood, 2014)
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(super) fn one_of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// No policy here names a model
struct NoModelFiles;

impl ModelSource for NoModelFiles {
    fn interface(&self, _: &str) -> Result<ModelInterface, ModelProblem> {
        unreachable!()
    }
}

/// Checks a policy that is one.
pub(super) fn checked(text: &str) -> ir::Policy {
    try_checked(text).unwrap_or_else(|found| panic!("{text}\n{found:?}"))
}

/// Checks a policy, or tells what is found.
pub(super) fn try_checked(text: &str) -> Result<ir::Policy, Vec<String>> {
    let mut sources = Sources::default();
    let source = sources.add("sample.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &NoModelFiles, &mut diagnostics);
    let found = diagnostics.into_iter().map(|found| found.headline);
    policy.ok_or_else(|| found.map(|headline| headline.to_string()).collect())
}

/// Compiles a policy as it is, and in the plain way.
pub(super) fn both_ways(policy: ir::Policy) -> (Program, Program) {
    (
        Program::compile(policy.clone()),
        Program::compile_plainly(policy),
    )
}

/// So many policies as usual, or more where there is time.
pub(super) fn policies(usual: usize) -> usize {
    match std::env::var_os("KRITES_LONG") {
        Some(_) => 40 * usual,
        None => usual,
    }
}
