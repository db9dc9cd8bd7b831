//! The syntax tree: what the analyst wrote, name by name, with its spans.
//! Invariant: nothing here is resolved or typed; a broken part is an `Error`
//! node that was reported when it was made.

use crate::{SourceId, Span};

/// One policy file
#[derive(Clone, Debug)]
pub struct File {
    /// The source it was read from
    pub source: SourceId,
    /// Items in source order
    pub items: Vec<Item>,
}

/// A word with its place
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A dotted name such as `applicant.age`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The words joined by dots, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A quoted text, unescaped
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes
    pub text: String,
    /// Where it stands, quotes included
    pub span: Span,
}

/// A top-level item
#[derive(Clone, Debug)]
pub enum Item {
    /// `policy name "title" { … }`
    Policy(PolicyHeader),
    /// `reason CODE "text" customer "text"`
    Reason(ReasonDecl),
    /// `enum Name { … }`
    Enum(EnumDecl),
    /// `input { … }`
    Input(Vec<InputField>),
    /// `define { … }`
    Define(Vec<Definition>),
    /// `columns name { … }`
    Columns(ColumnsDecl),
    /// `model name from "file" { … }`
    Model(ModelDecl),
    /// `table name first match -> … { … }`
    Table(TableDecl),
    /// `rules name all { … }`
    Rules(RuleSet),
    /// `decide name : Enum most severe { … }`
    Decide(Decide),
    /// `output { … }`
    Output(Vec<OutputEntry>),
    /// `reasons at most n { … }`
    Reasons(ReasonsDecl),
    /// `example name { … }`
    Example(Example),
    /// `test "title" { … }`
    Test(Test),
    /// An item that could not be read. `name` is what it would have declared,
    /// where that can be told, so that its uses cause no follow-on errors.
    Error {
        /// The item's first word, such as `table`
        keyword: String,
        /// The declared name
        name: Option<Name>,
        /// The whole item
        span: Span,
    },
}

/// The policy's header
#[derive(Clone, Debug)]
pub struct PolicyHeader {
    /// Name of the policy
    pub name: Name,
    /// Title for people
    pub title: Option<Text>,
    /// `version "…"`
    pub version: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `time zone "…"`
    pub time_zone: Option<Text>,
    /// `rounding half up`
    pub rounding: Option<(Rounding, Span)>,
    /// `on fault refer because M00`
    pub on_fault: Option<OnFault>,
    /// The whole item
    pub span: Span,
}

/// How typed definitions round
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Ties away from zero
    HalfUp,
    /// Ties to the even digit
    HalfEven,
    /// Ties toward zero
    HalfDown,
    /// Away from zero
    Up,
    /// Toward zero
    Down,
}

/// What a fault leads to: `outcome because CODE`
#[derive(Clone, Debug)]
pub struct OnFault {
    /// The outcome's label
    pub outcome: Name,
    /// The reason code
    pub because: Option<Name>,
    /// From `on` to the end
    pub span: Span,
}

/// `reason R01 "internal wording" customer "customer's wording"`
#[derive(Clone, Debug)]
pub struct ReasonDecl {
    /// The code
    pub code: Name,
    /// Internal wording
    pub text: Text,
    /// Customer's wording
    pub customer: Option<Text>,
    /// The whole item
    pub span: Span,
}

/// `enum Name { a < b }` or `enum Name { a, b = "wire" code 1 }`
#[derive(Clone, Debug)]
pub struct EnumDecl {
    /// Name of the type
    pub name: Name,
    /// Labels as written
    pub labels: Vec<EnumLabel>,
    /// Whether the labels are joined by `<`, mildest first
    pub ordered: bool,
    /// The whole item
    pub span: Span,
}

/// One label of an enum
#[derive(Clone, Debug)]
pub struct EnumLabel {
    /// The label
    pub name: Name,
    /// `= "text on the wire"`
    pub wire: Option<Text>,
    /// `code 3`: the number that models take
    pub code: Option<(i64, Span)>,
}

/// `path : type in range private default value "doc"`
#[derive(Clone, Debug)]
pub struct InputField {
    /// Dotted name
    pub path: Path,
    /// Declared type
    pub ty: TypeExpr,
    /// `in 0 to 120`
    pub range: Option<Range>,
    /// `private`
    pub private: Option<Span>,
    /// `default 12`
    pub default: Option<Expr>,
    /// Description
    pub doc: Option<Text>,
    /// The whole entry
    pub span: Span,
}

/// `name : type = expression`, the type optional
#[derive(Clone, Debug)]
pub struct Definition {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: Option<TypeExpr>,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// A written type
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which type
    pub kind: TypeKind,
    /// `?` behind it
    pub optional: bool,
    /// Where it stands
    pub span: Span,
}

/// The kinds of written types
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `integer`
    Integer,
    /// `decimal` or `decimal(2)`
    Decimal(Option<u32>),
    /// `percent` or `percent(2)`
    Percent(Option<u32>),
    /// `money(GBP)` or `money(GBP) unrounded`
    Money {
        /// The currency
        currency: Name,
        /// `unrounded`
        unrounded: bool,
    },
    /// `boolean`
    Boolean,
    /// `text`
    Text,
    /// `date`
    Date,
    /// The name of an enum
    Named(Name),
}

/// A range in words
#[derive(Clone, Debug)]
pub struct Range {
    /// Lower bound
    pub low: Option<Bound>,
    /// Upper bound
    pub high: Option<Bound>,
    /// Where it stands
    pub span: Span,
}

/// One end of a range
#[derive(Clone, Debug)]
pub struct Bound {
    /// The value
    pub value: Expr,
    /// Whether the value itself is in the range
    pub inclusive: bool,
}

/// `columns name { limit = card.limit, age = customer.age, card.paid }`
#[derive(Clone, Debug)]
pub struct ColumnsDecl {
    /// Name of the matrix
    pub name: Name,
    /// Its columns in order
    pub columns: Vec<Feed>,
    /// The whole item
    pub span: Span,
}

/// `name = expression`, or a path alone, which feeds itself under its own name
#[derive(Clone, Debug)]
pub struct Feed {
    /// The model's name for it; a quoted name is unquoted
    pub target: Name,
    /// The value; a path alone stands here as well
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `model name from "file" { … }`
#[derive(Clone, Debug)]
pub struct ModelDecl {
    /// Name in the policy
    pub name: Name,
    /// File within the release
    pub file: Text,
    /// `feed { … }`
    pub feeds: Vec<Feed>,
    /// `give …`
    pub gives: Vec<Give>,
    /// `within 20 ms`
    pub within_ms: Option<(u64, Span)>,
    /// `on fault …`
    pub on_fault: Option<OnFault>,
    /// The whole item
    pub span: Span,
}

/// `give probability : decimal in 0 to 1 = probabilities of class 1 rounded to 6 digits`
#[derive(Clone, Debug)]
pub struct Give {
    /// Name in the policy
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
    /// The promised range
    pub range: Option<Range>,
    /// The model's output
    pub output: Name,
    /// `of class 1`: a number or a text
    pub class: Option<Expr>,
    /// `rounded to n digits`
    pub rounded: Option<(u32, Span)>,
    /// The whole entry
    pub span: Span,
}

/// `table name first match -> outputs { | … | }`
#[derive(Clone, Debug)]
pub struct TableDecl {
    /// Name
    pub name: Name,
    /// What a row gives, as declared behind `->`
    pub outputs: Vec<TableOutput>,
    /// `because` among the outputs
    pub because: Option<Span>,
    /// The header's cells
    pub columns: Vec<Column>,
    /// Where the header line stands
    pub header: Span,
    /// Rows in order; each has as many cells as the header has columns
    pub rows: Vec<TableRow>,
    /// The whole item
    pub span: Span,
}

/// `cap : money(GBP)?`
#[derive(Clone, Debug)]
pub struct TableOutput {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
}

/// One column of a table's header
#[derive(Clone, Debug)]
pub struct Column {
    /// What its cells are
    pub kind: ColumnKind,
    /// Where it stands
    pub span: Span,
}

/// What the cells of a column are
#[derive(Clone, Debug)]
pub enum ColumnKind {
    /// `id`: names of the rows
    Id,
    /// Tests of this value
    Test(Expr),
    /// Values of the output of this index in [`TableDecl::outputs`]
    Output(usize),
    /// Reason codes
    Because,
    /// A header that could not be read
    Error,
}

/// One row
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Cells in the header's order
    pub cells: Vec<Cell>,
    /// The whole row
    pub span: Span,
}

/// One cell
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it says
    pub kind: CellKind,
    /// Where it stands, blanks aside
    pub span: Span,
}

/// What a cell says
#[derive(Clone, Debug)]
pub enum CellKind {
    /// Name of the row
    Id(String),
    /// `any`
    Any,
    /// `missing` among tests
    Missing,
    /// Tests of which one must hold, or none where `negated`
    Tests {
        /// `not` in front
        negated: bool,
        /// Alternatives
        tests: Vec<CellTest>,
    },
    /// `-` among outputs
    Nothing,
    /// A value or a reason code among outputs
    Value(Expr),
    /// A cell that could not be read
    Error,
}

/// One alternative of a test cell
#[derive(Clone, Debug)]
pub enum CellTest {
    /// `below 2%`, `12 to 24`
    Range(Range),
    /// A value or label to equal
    Value(Expr),
}

/// `rules name all { … }`
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Name
    pub name: Name,
    /// How the set runs
    pub mode: RuleSetMode,
    /// Rules in order
    pub rules: Vec<Rule>,
    /// The whole item
    pub span: Span,
}

/// How a rule set runs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetMode {
    /// Every rule runs
    All,
    /// The first rule that matches ends the set
    First,
}

/// `rule name "title" when condition then outcome because CODE`
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name
    pub name: Name,
    /// Title for people
    pub title: Option<Text>,
    /// The condition; `None` stands for `otherwise`
    pub when: Option<Expr>,
    /// The outcome's label
    pub then: Name,
    /// The reason code
    pub because: Option<Name>,
    /// The whole rule
    pub span: Span,
}

/// `decide outcome : Outcome most severe { … }`
#[derive(Clone, Debug)]
pub struct Decide {
    /// Name of the outcome
    pub name: Name,
    /// The enum
    pub ty: Name,
    /// Steps in order
    pub steps: Vec<Step>,
    /// The whole item
    pub span: Span,
}

/// One step of `decide`
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a policy has few steps, most of them rules"
)]
pub enum Step {
    /// `evaluate knock_outs` or `evaluate terms.verdict`
    Evaluate(Path),
    /// `stop once decline` or `stop once at least refer`
    StopOnce {
        /// `at least`
        at_least: bool,
        /// The outcome's label
        outcome: Name,
        /// The whole step
        span: Span,
    },
    /// A rule, `otherwise` included
    Rule(Rule),
}

/// One entry of `output`
#[derive(Clone, Debug)]
pub enum OutputEntry {
    /// `name : type = expression`
    Field(OutputField),
    /// `when condition { … }`
    When {
        /// The condition
        condition: Expr,
        /// Outputs that are given where it holds
        fields: Vec<OutputField>,
        /// The whole entry
        span: Span,
    },
}

/// `name : type = expression`
#[derive(Clone, Debug)]
pub struct OutputField {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: TypeExpr,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `reasons at most 4 { for decline, refer : rules that spoke }`
#[derive(Clone, Debug)]
pub struct ReasonsDecl {
    /// How many reasons are given at most
    pub at_most: Option<(u32, Span)>,
    /// For which outcomes reasons are owed
    pub entries: Vec<ReasonsEntry>,
    /// The whole item
    pub span: Span,
}

/// `for decline, refer : rules that spoke`
#[derive(Clone, Debug)]
pub struct ReasonsEntry {
    /// Outcomes
    pub outcomes: Vec<Name>,
    /// The whole entry
    pub span: Span,
}

/// `example name { path = value, … }`
#[derive(Clone, Debug)]
pub struct Example {
    /// Name
    pub name: Name,
    /// Values in order
    pub values: Vec<Assignment>,
    /// The whole item
    pub span: Span,
}

/// `path = value`
#[derive(Clone, Debug)]
pub struct Assignment {
    /// An input, `decision_date`, a model, or a model's output
    pub path: Path,
    /// What it is set to
    pub value: AssignedValue,
}

/// What an assignment sets, or an expectation expects
#[derive(Clone, Debug)]
pub enum AssignedValue {
    /// A literal or a label
    Value(Expr),
    /// `missing`
    Missing(Span),
    /// `fault`
    Fault(Span),
}

/// `test "title" { given example with … expect … }`
#[derive(Clone, Debug)]
pub struct Test {
    /// Title
    pub title: Text,
    /// The example it starts from
    pub example: Option<Name>,
    /// Values that replace or add to the example's
    pub with: Vec<Assignment>,
    /// What is expected
    pub expects: Vec<Expectation>,
    /// The whole item
    pub span: Span,
}

/// One expectation of a test
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `outcome = refer`, `limit = missing`
    Equals(Assignment),
    /// `reasons = [R01, R02]`
    Reasons {
        /// Codes in order
        codes: Vec<Name>,
        /// The whole expectation
        span: Span,
    },
    /// `default_risk not run`
    NotRun(Path),
}

/// An expression
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// Where it stands
    pub span: Span,
}

/// The kinds of expressions. Chains are flat, so that depth follows brackets.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `25_000` or `0.08`, underscores removed; a glued sign included
    Number(String),
    /// `4.9%`: the text before the sign of percent
    Percent(String),
    /// `"text"`
    Text(String),
    /// `2026-11-02`, not yet held against the calendar
    Date(String),
    /// `true` or `false`
    Boolean(bool),
    /// A name
    Path(Path),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a < b`
    Compare {
        /// Which comparison
        op: CompareOp,
        /// Left side
        left: Box<Expr>,
        /// Right side
        right: Box<Expr>,
    },
    /// `a is b`, `a is not one of [b, c]`, `a is present`
    Is {
        /// What is looked at
        subject: Box<Expr>,
        /// `is not`
        negated: bool,
        /// What it is held against
        what: IsWhat,
    },
    /// `a in 1 to 5`, `a not in 1 to 5`
    In {
        /// What is looked at
        subject: Box<Expr>,
        /// `not in`
        negated: bool,
        /// The range
        range: Box<Range>,
    },
    /// `a + b - c`
    Sum {
        /// First term
        first: Box<Expr>,
        /// Further terms
        rest: Vec<(SumOp, Expr)>,
    },
    /// `a * b / c if zero d`
    Product {
        /// First factor
        first: Box<Expr>,
        /// Further factors
        rest: Vec<Factor>,
    },
    /// `-a` of a name or a bracket
    Negate(Box<Expr>),
    /// `path if missing value`, `path if missing fault`
    IfMissing {
        /// The name that may be missing
        subject: Path,
        /// The value in its place; `None` stands for `fault`
        alternative: Option<Box<Expr>>,
    },
    /// `min(a, b)`
    Call {
        /// The function
        function: Name,
        /// Its arguments
        arguments: Vec<Expr>,
    },
    /// A part that could not be read
    Error,
}

/// Comparisons
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What stands behind `is`
#[derive(Clone, Debug)]
pub enum IsWhat {
    /// `present`
    Present,
    /// `missing`
    Missing,
    /// A value or label
    Value(Box<Expr>),
    /// `one of [a, b]`
    OneOf(Vec<Expr>),
}

/// `+` or `-`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SumOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
}

/// A further factor of a product
#[derive(Clone, Debug)]
pub struct Factor {
    /// `*` or `/`
    pub op: ProductOp,
    /// The factor
    pub value: Expr,
    /// `if zero …`, of a division
    pub if_zero: Option<Expr>,
}

/// `*` or `/`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductOp {
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
