//! A policy with inputs of every type.

use krites_lang::{
    Date, Frame, ModelInterface, ModelProblem, ModelSource, NoModels, Program, Progress, Sources,
    check, parse,
};

use super::Names;

pub(crate) const POLICY: &str = r#"
policy every_type "Every type" {
    version "1"
    rounding half up
}

enum Outcome { approve < refer < decline }
enum Employment { employed, self_employed = "SELF-EMPL", student }

input {
    applicant.age        : integer in 0 to 120
    applicant.income     : money(GBP) in 0 and above
    applicant.employment : Employment
    applicant.born       : date?
    applicant.sex        : text? private
    applicant.address.city : text?
    loan.amount          : money(GBP)
    loan.term            : integer default 12
    loan.secured         : boolean default false
    bureau.score         : integer?
    bureau.rate          : percent?
    bureau.factor        : decimal? private
}

decide outcome : Outcome most severe {
    rule minor when applicant.age < 18 then decline
    rule rest otherwise then approve
}

output {
    years        : integer = applicant.age
    factor       : decimal? = bureau.factor
    job          : Employment = applicant.employment
    born         : date? = applicant.born
    city         : text? = applicant.address.city
    secured      : boolean = loan.secured
    offer.limit  : money(GBP) = loan.amount
    offer.rate   : percent(2)? = bureau.rate
    bonus.points : integer? = bureau.score
    when outcome is approve {
        granted  : money(GBP) = loan.amount
    }
}
"#;

struct NoFiles;

impl ModelSource for NoFiles {
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        panic!("no model is asked for, but {file}")
    }
}

pub(crate) fn compile(policy: &str) -> Program {
    let mut sources = Sources::default();
    let source = sources.add("test.krites", policy);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &NoFiles, &mut diagnostics);
    Program::compile(policy.unwrap_or_else(|| panic!("{diagnostics:#?}")))
}

pub(crate) fn program() -> Program {
    compile(POLICY)
}

/// A program with all that binding needs
pub(crate) struct Bench {
    pub(crate) program: Program,
    pub(crate) names: Names,
    pub(crate) frame: Frame,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let program = program();
        let (names, frame) = (Names::new(&program), program.frame());
        Bench {
            program,
            names,
            frame,
        }
    }

    pub(crate) fn begin(&mut self) {
        self.program
            .begin(&mut self.frame, Date::parse("2026-11-02").unwrap());
    }

    /// Returns a bound value as text, `-` where it is missing.
    pub(crate) fn value(&self, input: &str) -> String {
        let id = self
            .names
            .input(input)
            .unwrap_or_else(|| panic!("no input {input}"));
        self.program
            .input(&self.frame, id)
            .map_or("-".to_owned(), |value| value.to_string())
    }

    pub(crate) fn decide(&mut self) {
        let progress = self.program.decide(&mut self.frame, &mut NoModels).unwrap();
        assert_eq!(progress, Progress::Decided);
    }
}
