//! The codes of what is found over all cases.

use crate::Code;

pub(super) const GAP: Code = Code(900);
pub(super) const OVERLAP: Code = Code(901);
pub(super) const ROWS_DIFFER: Code = Code(902);
pub(super) const HIDDEN: Code = Code(903);
pub(super) const MATCHES_NOTHING: Code = Code(904);
pub(super) const REST_DEAD: Code = Code(905);
pub(super) const TOO_LARGE: Code = Code(906);
pub(super) const BINS_MEET: Code = Code(907);

pub(super) const NEVER_USED: Code = Code(930);
pub(super) const SLIP: Code = Code(931);
pub(super) const DROPS_REASONS: Code = Code(932);
pub(super) const TREND_BROKEN: Code = Code(933);
pub(super) const TREND_UNKNOWN: Code = Code(934);
pub(super) const NEVER: Code = Code(935);
pub(super) const ALWAYS: Code = Code(936);
pub(super) const HIDDEN_RULE: Code = Code(937);
pub(super) const DECIDED: Code = Code(938);
pub(super) const ADDS_NOTHING: Code = Code(939);
pub(super) const NEVER_REACHED: Code = Code(940);
pub(super) const OTHERWISE_DEAD: Code = Code(941);

pub(super) const RESTS_ON_FORBIDDEN: Code = Code(950);
pub(super) const DOES_NOT_HOLD: Code = Code(951);
pub(super) const ENFORCED: Code = Code(952);
pub(super) const UNDECIDED: Code = Code(953);

pub(super) const OVER_BUDGET: Code = Code(960);

pub(super) const ACCEPTS_NOTHING: Code = Code(967);
