//! Limits, each with an error of its own behind it.

/// How many elements one list of a case may have
pub const MAX_LIST: usize = 10_000;
/// How many values the elements of all lists of a case may have together: each field
/// of a record, be it missing, and the record itself where it has none
pub const MAX_LIST_VALUES: usize = 2_000_000;
/// How many elements all aggregates of one decision look at together
pub const MAX_STEPS: u64 = 1_000_000;
/// How many bytes a text value may have, given or made
pub const MAX_TEXT: usize = 65_536;
/// How many inputs a policy may have, each field of a record and each element of a
/// series counted
pub const MAX_INPUTS: usize = 100_000;
/// How many records may lie within each other
pub const MAX_RECORD_DEPTH: usize = 16;
/// How many bytes all texts of a case may have together, given and kept
pub const MAX_TEXTS: usize = 1 << 28;
/// How many elements a series may have
pub const MAX_SERIES: u32 = 1_000;
/// How many bytes the file of a lookup or list may have
pub const MAX_DATA_BYTES: usize = 1 << 28;
/// How many values a named list that stands in a policy may have
pub const MAX_NAMED_LIST: usize = 10_000;
/// How many points a calibration may have
pub const MAX_KNOTS: usize = 10_000;
/// How many bytes a pattern may have
pub const MAX_PATTERN: usize = 1_000;
/// How many bytes a compiled pattern may take
pub const MAX_PATTERN_SIZE: usize = 1 << 20;
/// How many files a policy may use, by way of others too
pub const MAX_MODULES: usize = 1_000;
/// How many bytes all patterns of a policy may take together
pub const MAX_PATTERNS_SIZE: usize = 1 << 25;
/// How many rows a table file may have, the header aside: 100,000, and one for the rest
pub const MAX_SHEET_ROWS: usize = 100_001;
/// How many columns a table file may have
pub const MAX_SHEET_COLUMNS: usize = 256;
/// How many bytes a table file may have
pub const MAX_SHEET_BYTES: usize = 64 * 1024 * 1024;
/// How many cells a grid may have below its heads
pub const MAX_GRID_CELLS: usize = 100_000;
/// How many values all cells of a grid may give, those left out counted
pub const MAX_GRID_VALUES: usize = 1_000_000;
/// How many bytes the head of a row or column of a grid may have
pub const MAX_GRID_HEAD: usize = 500;
