//! The codes of what the checker reports; syntax has its own beside the parser.

use crate::Code;

pub(super) const NO_POLICY_HEADER: Code = Code(200);
pub(super) const DECLARED_TWICE: Code = Code(201);
pub(super) const UNKNOWN_NAME: Code = Code(202);
pub(super) const UNKNOWN_TYPE: Code = Code(203);
pub(super) const UNKNOWN_REASON: Code = Code(204);
pub(super) const UNKNOWN_LABEL: Code = Code(205);
pub(super) const NOT_A_VALUE: Code = Code(206);
pub(super) const CYCLE: Code = Code(207);
pub(super) const UNKNOWN_FUNCTION: Code = Code(208);
pub(super) const ENUM_WIRE_TWICE: Code = Code(209);
pub(super) const UNKNOWN_CURRENCY: Code = Code(210);
pub(super) const TOO_DEEP: Code = Code(211);
pub(super) const RECORD_HOLDS_ITSELF: Code = Code(212);
pub(super) const RECORD_IS_NO_VALUE: Code = Code(213);
pub(super) const STANDS_FOR_FIELDS: Code = Code(214);
pub(super) const TOO_MANY_INPUTS: Code = Code(215);
pub(super) const RECORDS_TOO_DEEP: Code = Code(216);
pub(super) const EMPTY_RECORD: Code = Code(217);

// 220 to 222, 224, 228 and 229 stand where files are read.
pub(super) const NOT_IN_FILE: Code = Code(223);
pub(super) const BROUGHT_TWICE: Code = Code(225);
pub(super) const BROUGHT_AND_DECLARED: Code = Code(226);
pub(super) const NEVER_USED: Code = Code(227);

pub(super) const CASE_CURRENCY: Code = Code(219);

pub(super) const TYPES_DIFFER: Code = Code(301);
pub(super) const NOT_A_NUMBER: Code = Code(302);
pub(super) const NOT_A_CONDITION: Code = Code(303);
pub(super) const NO_ORDER: Code = Code(304);
pub(super) const CURRENCIES_DIFFER: Code = Code(305);
pub(super) const CANNOT_COMPUTE: Code = Code(306);
pub(super) const PERCENT_WITHOUT_SIGN: Code = Code(310);
pub(super) const LITERAL_DOES_NOT_FIT: Code = Code(311);
pub(super) const NO_SUCH_DATE: Code = Code(312);
pub(super) const NUMBER_TOO_LONG: Code = Code(313);
pub(super) const MAY_DIVIDE_BY_ZERO: Code = Code(320);
pub(super) const EMPTY_RANGE: Code = Code(321);
pub(super) const OUTSIDE_RANGE: Code = Code(322);
pub(super) const SAY_HOW_MONEY_ROUNDS: Code = Code(330);
pub(super) const MODEL_ONLY: Code = Code(340);
pub(super) const SERIES_SIZE: Code = Code(341);
pub(super) const SERIES_INDEX: Code = Code(342);
pub(super) const WIRE_NAME: Code = Code(343);
pub(super) const MISSING_WHEN: Code = Code(344);
pub(super) const ARGUMENT_COUNT: Code = Code(331);
pub(super) const RANGE_WITHOUT_ORDER: Code = Code(332);
pub(super) const EMPTY_LIST: Code = Code(333);
pub(super) const NO_LENGTH: Code = Code(345);
pub(super) const NEEDS_TIME_ZONE: Code = Code(346);
pub(super) const NO_SUCH_DATETIME: Code = Code(347);
pub(super) const UNKNOWN_TIME_ZONE: Code = Code(348);
pub(super) const TIME_DOES_NOT_FIT: Code = Code(349);
pub(super) const EXPONENT: Code = Code(350);
pub(super) const DIGITS: Code = Code(351);
pub(super) const UNKNOWN_LIST: Code = Code(360);
pub(super) const PATTERN_UNREADABLE: Code = Code(361);
pub(super) const PATTERN_TOO_LARGE: Code = Code(362);
pub(super) const LIST_VALUE_KIND: Code = Code(363);
pub(super) const LIST_VALUE_TWICE: Code = Code(364);
pub(super) const LIST_TOO_LONG: Code = Code(365);
pub(super) const LIST_OF_OTHERS: Code = Code(366);
pub(super) const NO_WORD: Code = Code(367);
pub(super) const NOT_A_TEXT: Code = Code(368);

pub(super) const MATCH_INCOMPLETE: Code = Code(352);
pub(super) const MATCHED_TWICE: Code = Code(353);
pub(super) const MATCH_OTHERWISE_DEAD: Code = Code(354);
pub(super) const FUNCTION_NAME_TAKEN: Code = Code(356);
pub(super) const FUNCTION_OPTIONAL: Code = Code(357);
pub(super) const FUNCTION_SEES_PARAMETERS: Code = Code(358);

pub(super) const NONE_COUNTS: Code = Code(370);
pub(super) const FIELD_OF_ELEMENTS: Code = Code(371);
pub(super) const NO_ELEMENTS: Code = Code(372);
pub(super) const THROUGH_TWO_LISTS: Code = Code(373);
pub(super) const NAME_A_FIELD: Code = Code(374);
pub(super) const NEVER_NONE: Code = Code(375);
pub(super) const CANNOT_AGGREGATE: Code = Code(376);
pub(super) const LIST_MISPLACED: Code = Code(377);
pub(super) const SLICE: Code = Code(378);
pub(super) const LIST_SIZE: Code = Code(379);

pub(super) const UNKNOWN_LOOKUP: Code = Code(480);
pub(super) const UNKNOWN_COLUMN: Code = Code(481);
pub(super) const KEY_TYPE: Code = Code(482);
pub(super) const COLUMN_TYPE: Code = Code(483);
pub(super) const FILE_COLUMN_TWICE: Code = Code(484);
pub(super) const ONE_KEY: Code = Code(485);
pub(super) const NO_ROW_UNSAID: Code = Code(486);
pub(super) const NAME_A_COLUMN: Code = Code(487);
pub(super) const KEY_OF_OTHERS: Code = Code(488);

pub(super) const MAY_BE_MISSING: Code = Code(401);
pub(super) const NEVER_MISSING: Code = Code(402);
pub(super) const DEFAULT_AND_OPTIONAL: Code = Code(403);

pub(super) const OTHERWISE_ROW: Code = Code(410);
pub(super) const POLICY_OF_SEVERITY: Code = Code(411);
pub(super) const CANNOT_COLLECT: Code = Code(412);
pub(super) const NO_REASON_COLLECTED: Code = Code(413);
pub(super) const COUNTS_ROWS: Code = Code(414);
pub(super) const MISSING_WHILE_OFF: Code = Code(415);
pub(super) const LIST_OF_ROWS: Code = Code(416);
pub(super) const NO_TREND: Code = Code(418);

pub(super) const BANDS_TYPE: Code = Code(450);
pub(super) const BANDS_STYLE: Code = Code(451);
pub(super) const BANDS_ORDER: Code = Code(452);
pub(super) const BANDS_OPEN: Code = Code(453);
pub(super) const BAND_TWICE: Code = Code(454);
pub(super) const MISSING_NOT_TOLD: Code = Code(455);
pub(super) const CALIBRATION_TYPE: Code = Code(460);
pub(super) const KNOTS_ORDER: Code = Code(461);
pub(super) const KNOTS_FEW: Code = Code(462);
pub(super) const TOO_MANY_KNOTS: Code = Code(463);
pub(super) const NOTHING_TRIED: Code = Code(465);
pub(super) const TRY_TAKES_ALL: Code = Code(466);
pub(super) const CASCADE_END: Code = Code(467);

pub(super) const FEATURE_NAME: Code = Code(470);
pub(super) const NO_FEATURES: Code = Code(471);
pub(super) const NO_BINS: Code = Code(472);
pub(super) const POINTS_DIGITS: Code = Code(473);
pub(super) const NOT_OWED: Code = Code(474);
pub(super) const NO_FEATURE_REASONS: Code = Code(475);

pub(super) const COLUMN_UNKNOWN: Code = Code(501);
pub(super) const OUTPUT_WITHOUT_COLUMN: Code = Code(502);
pub(super) const ROW_ID_TWICE: Code = Code(503);
pub(super) const NO_ROWS: Code = Code(504);
pub(super) const NEVER_MISSING_CELL: Code = Code(505);

pub(super) const MODEL_UNUSABLE: Code = Code(601);
pub(super) const MODEL_INPUT_UNKNOWN: Code = Code(602);
pub(super) const MODEL_INPUT_UNFED: Code = Code(603);
pub(super) const MODEL_WIDTH: Code = Code(604);
pub(super) const FEED_TYPE: Code = Code(605);
pub(super) const ENUM_WITHOUT_CODES: Code = Code(606);
pub(super) const MODEL_OUTPUT_UNKNOWN: Code = Code(607);
pub(super) const MODEL_CLASS: Code = Code(608);
pub(super) const GIVE_TYPE: Code = Code(609);
pub(super) const FED_TWICE: Code = Code(610);
pub(super) const FAULT_UNHANDLED: Code = Code(611);
pub(super) const COLUMN_NAMES: Code = Code(612);

pub(super) const CLASSES_DIFFER: Code = Code(620);
pub(super) const CLASSES_UNKNOWN: Code = Code(621);
pub(super) const CLASS_NAMES: Code = Code(622);
pub(super) const CLASSES_NAMED_TWICE: Code = Code(623);
pub(super) const DISTRIBUTION_OF: Code = Code(624);
pub(super) const SHARES: Code = Code(625);
pub(super) const PROBABILITY_OF: Code = Code(626);

pub(super) const RANKED_BY: Code = Code(630);
pub(super) const EACH_OF: Code = Code(631);
pub(super) const FED_WITH_ITSELF: Code = Code(632);
pub(super) const TOO_MANY_OF_ROWS: Code = Code(633);
pub(super) const SINGLE_VALUES: Code = Code(634);

pub(super) const CARD_LACKS: Code = Code(640);
pub(super) const METRIC_BOUND: Code = Code(641);

pub(super) const EXPLAINED: Code = Code(650);
pub(super) const FEATURE_UNKNOWN: Code = Code(651);
pub(super) const FEATURE_TWICE: Code = Code(652);
pub(super) const NO_BACKGROUND: Code = Code(653);
pub(super) const NO_MODEL_REASONS: Code = Code(655);

pub(super) const OUTSIDE_TRAINING_UNSAID: Code = Code(660);
pub(super) const NO_TRAINING_RANGES: Code = Code(661);
pub(super) const TRAINING_RANGE_UNFIT: Code = Code(662);

pub(super) const NO_DECIDE: Code = Code(701);
pub(super) const NOT_ORDERED: Code = Code(702);
pub(super) const RULES_NOT_EVALUATED: Code = Code(703);
pub(super) const EVALUATED_TWICE: Code = Code(704);
pub(super) const OTHERWISE_MISSING: Code = Code(705);
pub(super) const OTHERWISE_DEAD: Code = Code(706);
pub(super) const OTHERWISE_NOT_LAST: Code = Code(707);
pub(super) const OUTCOME_TOO_EARLY: Code = Code(708);
pub(super) const CANNOT_EVALUATE: Code = Code(709);
pub(super) const OTHERWISE_IN_ALL: Code = Code(710);
pub(super) const MORE_THAN_ONE: Code = Code(711);

pub(super) const NEVER_VALID: Code = Code(720);
pub(super) const OTHERWISE_NOT_ALWAYS: Code = Code(721);
pub(super) const NOT_DECIDED_WITH: Code = Code(722);
pub(super) const DECIDED_UNSET: Code = Code(723);
pub(super) const TAG_ALONE: Code = Code(724);
pub(super) const STOP_IN_FIRST_MATCH: Code = Code(725);
pub(super) const STEP_NEVER_REACHED: Code = Code(726);
pub(super) const STAND_IN_ANSWERS: Code = Code(727);
pub(super) const NO_SUCH_TAG: Code = Code(728);
pub(super) const NO_SUCH_RULE: Code = Code(729);
pub(super) const FIRED_NEVER_TOLD: Code = Code(730);
pub(super) const FIRED_IF_OFF: Code = Code(731);
pub(super) const FIRED_NEVER_OFF: Code = Code(732);
pub(super) const SHADOW_ACTS: Code = Code(733);
pub(super) const RECORD_PRIVATE: Code = Code(734);

pub(super) const IN_SHADOW: Code = Code(760);
pub(super) const FAULT_IGNORED: Code = Code(761);
pub(super) const SHADOW_HANDLES: Code = Code(762);
pub(super) const SHADOW_OF_ROWS: Code = Code(763);
pub(super) const SHADOW_WITH: Code = Code(764);
pub(super) const SHADOW_COVERS: Code = Code(765);
pub(super) const SHADOW_COMPARES: Code = Code(766);
pub(super) const SHADOW_EMPTY: Code = Code(767);
pub(super) const NO_SUCH_CODE: Code = Code(965);
pub(super) const ERRORS_ARE_MENDED: Code = Code(966);
pub(super) const FORBIDS_INPUTS: Code = Code(768);
pub(super) const FORBIDDEN_TWICE: Code = Code(769);

pub(super) const NO_SUCH_POLICY: Code = Code(770);
pub(super) const POLICY_CYCLE: Code = Code(771);
pub(super) const NO_SUCH_INPUT: Code = Code(772);
pub(super) const POLICY_UNFED: Code = Code(773);
pub(super) const NO_SUCH_ANSWER: Code = Code(774);
pub(super) const CANNOT_PASS: Code = Code(775);
pub(super) const LABELS_DO_NOT_MEET: Code = Code(776);
pub(super) const MAY_BE_MISSING_THERE: Code = Code(777);
pub(super) const ASKED_TOO_DEEP: Code = Code(778);

pub(super) const NOT_GIVEN_UNHANDLED: Code = Code(850);
pub(super) const NOTHING_SURE: Code = Code(851);
pub(super) const AS_OF: Code = Code(852);
pub(super) const STALE_UNIT: Code = Code(853);
pub(super) const OUTSIDE_OF_GROUP: Code = Code(854);
pub(super) const GROUP_CURRENCY: Code = Code(855);

pub(super) const EXAMPLE_UNKNOWN: Code = Code(801);
pub(super) const CANNOT_SET: Code = Code(802);
pub(super) const INPUT_NOT_GIVEN: Code = Code(803);
pub(super) const CANNOT_EXPECT: Code = Code(804);
pub(super) const NO_EXPECTATION: Code = Code(805);
pub(super) const NO_DATE_GIVEN: Code = Code(806);
pub(super) const ANSWER_NOT_GIVEN: Code = Code(807);
pub(super) const SET_TWICE: Code = Code(808);
