//! Lists enter a frame element by element, and are looked at no further than is
//! allowed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::{
    Date, Frame, Given, Id as _, InputError, InputId, ListId, MAX_LIST, MAX_LIST_VALUES, Needs,
    NoModels, OutputValue, Program, Progress, ir,
};
use support::{checked, rendered};

const POLICY: &str = "\
policy lists { version \"1\"; on fault refer because M00 }
reason M00 \"Too many\"
enum Outcome { approve < refer < decline }
record Charge { amount : money(EUR) in 0 and above; kind : text default \"fee\" }
record Account { balance : money(EUR); rating : integer?; charges : list of Charge }
input {
    accounts : list of Account
    flags : list of text default []
    codes : list of integer? private
    paid[1 to 2] : integer
}
define {
    charged = count of accounts where (count of charges where (amount >= 0) >= 0)
    fees    = sum of (count of charges where kind is \"fee\") over accounts
    rated   = count of accounts where rating is present
    vip     = any flags is \"vip\"
    all     = count of codes where each is missing
    twice   = sum of (count of codes where each is present) over accounts where (sum of paid > balance_of)
    balance_of = 2
}
decide outcome : Outcome most severe {
    rule charged when charged > 100_000 then decline
    rule rest otherwise then approve
}
output { n : integer = fees }
";

struct Bench {
    program: Program,
    frame: Frame,
}

impl Bench {
    fn new() -> Self {
        Self::of(POLICY)
    }

    fn of(text: &str) -> Self {
        let (sources, policy, diagnostics) = checked("lists.krites", text);
        let policy = policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics)));
        let program = Program::compile(policy);
        let frame = program.frame();
        Self { program, frame }
    }

    fn list(&self, name: &str) -> ListId {
        let lists = &self.program.policy().lists;
        ListId::new(lists.iter().position(|list| *list.name == *name).unwrap())
    }

    fn begin(&mut self) {
        let day = Date::parse("2026-11-02").unwrap();
        self.program.begin(&mut self.frame, day);
    }

    fn set(&mut self, list: &str, field: usize, text: &str) -> Result<(), InputError> {
        let field = self.program.field(self.list(list), field).unwrap();
        let set = self.program.set_field(&mut self.frame, field, text);
        set.map_err(|error| self.program.located(&self.frame, &error))
    }

    /// Gives as many accounts, each with as many charges as is said for it.
    fn accounts(&mut self, charges: &[usize]) -> Result<(), InputError> {
        let (accounts, inner) = (self.list("accounts"), self.list("charges"));
        self.program.begin_list(&mut self.frame, accounts)?;
        for count in charges {
            self.program.begin_element(&mut self.frame)?;
            self.set("accounts", 0, "12.50")?;
            self.program.begin_list(&mut self.frame, inner)?;
            for _ in 0..*count {
                self.program.begin_element(&mut self.frame)?;
                self.set("charges", 0, "1")?;
                self.program.end_element(&mut self.frame)?;
            }
            self.program.end_list(&mut self.frame)?;
            self.program.end_element(&mut self.frame)?;
        }
        self.program.end_list(&mut self.frame)
    }

    fn values(&mut self, list: &str, values: &[&str]) -> Result<(), InputError> {
        let id = self.list(list);
        self.program.begin_list(&mut self.frame, id)?;
        for value in values {
            self.program.begin_element(&mut self.frame)?;
            self.set(list, 0, value)?;
            self.program.end_element(&mut self.frame)?;
        }
        self.program.end_list(&mut self.frame)
    }

    fn paid(&mut self) {
        for (id, input) in self.program.policy().inputs.iter_ids() {
            assert!(input.name.starts_with("paid["));
            self.program.set_integer(&mut self.frame, id, 2).unwrap();
        }
    }

    fn decide(&mut self) -> String {
        if let Err(error) = self.program.finish_inputs(&mut self.frame) {
            return error.to_string();
        }
        let progress = self.program.decide(&mut self.frame, &mut NoModels).unwrap();
        assert_eq!(progress, Progress::Decided);
        let faults = self
            .frame
            .faults()
            .iter()
            .map(|fault| fault.kind.to_string());
        let faults: Vec<String> = faults.collect();
        match self.program.outcome(&self.frame) {
            Some(0) => "approve".to_owned(),
            other => format!("{other:?} {faults:?}"),
        }
    }

    fn value(&mut self, name: &str) -> Option<i64> {
        let policy = self.program.policy();
        let position = policy
            .definitions
            .iter()
            .position(|found| *found.name == *name);
        let value = ir::Value::Definition(krites_lang::DefinitionId::new(position.unwrap()));
        match self.program.value(&self.frame, value)? {
            OutputValue::Integer(value) => Some(value),
            other => panic!("{other:?}"),
        }
    }
}

/// A whole case with so many charges for each account.
fn decided(bench: &mut Bench, charges: &[usize]) -> String {
    bench.begin();
    bench.accounts(charges).unwrap();
    bench.values("codes", &["", "3"]).unwrap();
    bench.paid();
    bench.decide()
}

#[test]
fn a_list_has_ten_thousand_elements_at_most() {
    let mut bench = Bench::new();
    let flags = vec!["vip"; MAX_LIST + 1];
    bench.begin();
    bench.values("flags", &flags[1..]).unwrap();
    bench.begin();
    let error = bench.values("flags", &flags).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`flags`: the list has more than 10000 elements"
    );
    bench.begin();
    let error = bench.accounts(&[2, MAX_LIST + 1]).unwrap_err();
    assert_eq!(error.field(), "accounts[2].charges");
    assert!(bench.decide().contains("not given"));
}

#[test]
fn all_lists_of_a_case_have_two_million_values_at_most() {
    let fields: Vec<String> = (1..=1_000).map(|n| format!("f{n} : integer?")).collect();
    let text = format!(
        "policy wide {{ version \"1\" }}\nenum Outcome {{ approve < decline }}\n\
         record Bare {{ marks : list of integer default [] }}\n\
         record Wide {{ {} }}\n\
         input {{ wide : list of Wide; bare : list of Bare default [] }}\n\
         decide outcome : Outcome most severe {{ rule rest otherwise then approve }}\n",
        fields.join("; ")
    );
    let mut bench = Bench::of(&text);
    let elements = |bench: &mut Bench, name: &str, count: usize| {
        let list = bench.list(name);
        bench.program.begin_list(&mut bench.frame, list)?;
        for _ in 0..count {
            bench.program.begin_element(&mut bench.frame)?;
            bench.program.end_element(&mut bench.frame)?;
        }
        bench.program.end_list(&mut bench.frame)
    };
    let most = MAX_LIST_VALUES / 1_000;
    bench.begin();
    elements(&mut bench, "wide", most).unwrap();
    // A record without values counts as one.
    let error = elements(&mut bench, "bare", 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`bare`: all lists of the case have more than 2000000 values"
    );
    bench.begin();
    elements(&mut bench, "bare", 1_000).unwrap();
    elements(&mut bench, "wide", most - 1).unwrap();
    bench.begin();
    elements(&mut bench, "bare", 1_001).unwrap();
    let error = elements(&mut bench, "wide", most - 1).unwrap_err();
    assert!(error.to_string().contains("more than"), "{error}");
}

#[test]
fn a_decision_looks_at_a_million_elements_at_most() {
    let mut bench = Bench::new();
    // Each account, and each of its charges, once in the rule and once in the output:
    // 2 × 1,000 accounts and 2 × 499,000 charges are a million.
    let mut charges = vec![499; 1_000];
    assert_eq!(decided(&mut bench, &charges), "approve");
    assert_eq!(bench.value("fees"), Some(499_000));
    charges[0] = 500;
    bench.begin();
    bench.accounts(&charges).unwrap();
    bench.values("codes", &[]).unwrap();
    bench.paid();
    bench.program.finish_inputs(&mut bench.frame).unwrap();
    let error = bench
        .program
        .decide(&mut bench.frame, &mut NoModels)
        .unwrap_err();
    assert!(
        error.to_string().contains("too many elements to look at"),
        "{error}"
    );
    // The next case in the same frame begins anew.
    assert_eq!(decided(&mut bench, &[1, 2, 3]), "approve");
    assert_eq!(bench.value("fees"), Some(6));
}

#[test]
fn an_element_that_is_refused_is_named_with_its_number() {
    let mut bench = Bench::new();
    let refused = |fill: &dyn Fn(&mut Bench) -> Result<(), InputError>| {
        let mut bench = Bench::new();
        bench.begin();
        fill(&mut bench).unwrap_err().to_string()
    };
    let open = |bench: &mut Bench| {
        let (accounts, inner) = (bench.list("accounts"), bench.list("charges"));
        bench
            .program
            .begin_list(&mut bench.frame, accounts)
            .unwrap();
        for account in 0..2 {
            bench.program.begin_element(&mut bench.frame).unwrap();
            bench.set("accounts", 0, "1").unwrap();
            bench.program.begin_list(&mut bench.frame, inner).unwrap();
            bench.program.begin_element(&mut bench.frame).unwrap();
            if account == 1 {
                break;
            }
            bench.set("charges", 0, "1").unwrap();
            bench.program.end_element(&mut bench.frame).unwrap();
            bench.program.end_list(&mut bench.frame).unwrap();
            bench.program.end_element(&mut bench.frame).unwrap();
        }
    };
    assert_eq!(
        refused(&|bench| {
            open(bench);
            bench.set("charges", 0, "-1")
        }),
        "`accounts[2].charges[1].amount`: -1 lies outside the range 0 and above"
    );
    assert_eq!(
        refused(&|bench| {
            open(bench);
            bench.set("charges", 0, "1")?;
            bench.set("charges", 0, "2")
        }),
        "`accounts[2].charges[1].amount`: it is given twice"
    );
    assert_eq!(
        refused(&|bench| {
            open(bench);
            bench.program.end_element(&mut bench.frame)
        }),
        "`accounts[2].charges[1].amount`: it is required and was not given"
    );
    assert_eq!(
        refused(&|bench| {
            bench.begin();
            let accounts = bench.list("accounts");
            bench.program.begin_list(&mut bench.frame, accounts)?;
            bench.program.begin_element(&mut bench.frame)?;
            bench.set("accounts", 0, "3")?;
            bench.program.end_element(&mut bench.frame)
        }),
        "`accounts[1].charges`: it is required and was not given"
    );
    assert_eq!(
        refused(&|bench| bench.values("codes", &["1", "x"])),
        "`codes[2]`: expected a whole number, got a private value"
    );
    assert_eq!(
        refused(&|bench| {
            bench.values("codes", &["1"])?;
            bench.values("codes", &["1"])
        }),
        "`codes`: it is given twice"
    );
    bench.begin();
    bench.paid();
    assert_eq!(
        bench.decide(),
        "`accounts`: it is required and was not given"
    );
    bench.begin();
    bench.accounts(&[]).unwrap();
    bench.values("codes", &[]).unwrap();
    assert_eq!(
        bench.decide(),
        "`paid[1]`: it is required and was not given"
    );
}

#[test]
fn lists_stand_where_they_lie_and_in_order() {
    let mut bench = Bench::new();
    let (accounts, inner, codes) = (
        bench.list("accounts"),
        bench.list("charges"),
        bench.list("codes"),
    );
    bench.begin();
    assert!(bench.program.begin_list(&mut bench.frame, inner).is_err());
    assert!(bench.program.begin_element(&mut bench.frame).is_err());
    assert!(bench.program.end_element(&mut bench.frame).is_err());
    assert!(bench.program.end_list(&mut bench.frame).is_err());
    bench
        .program
        .begin_list(&mut bench.frame, accounts)
        .unwrap();
    assert!(bench.program.begin_list(&mut bench.frame, inner).is_err());
    bench.program.begin_element(&mut bench.frame).unwrap();
    assert!(bench.program.begin_element(&mut bench.frame).is_err());
    assert!(bench.program.begin_list(&mut bench.frame, codes).is_err());
    assert!(bench.program.end_list(&mut bench.frame).is_err());
    bench.program.begin_list(&mut bench.frame, inner).unwrap();
    bench.program.end_list(&mut bench.frame).unwrap();
    assert!(bench.program.begin_list(&mut bench.frame, inner).is_err());
}

#[test]
fn what_is_not_given_takes_its_default_in_each_element() {
    let mut bench = Bench::new();
    assert_eq!(decided(&mut bench, &[2, 0, 3]), "approve");
    assert_eq!(bench.value("fees"), Some(5));
    let flags = bench.list("flags");
    assert_eq!(
        bench.program.list_given(&bench.frame, flags),
        Given::Defaulted
    );
    let codes = bench.list("codes");
    assert_eq!(bench.program.list_given(&bench.frame, codes), Given::Given);
}

/// A rule that looks at half a million elements before it needs what is pending
const WAITS: &str = "\
policy waits { version \"1\"; on fault decline }
enum Outcome { approve < refer < decline }
record Charge { amount : money(EUR) }
record Account { balance : money(EUR); charges : list of Charge }
input { accounts : list of Account; one : integer; other : integer }
decide outcome : Outcome most severe {
    rule late
        when count of accounts where (count of charges where amount is 1 > 0) > 0 and one + other > 2
        then refer
    rule rest otherwise then approve
}
";

#[test]
fn a_case_that_waits_looks_at_as_many_elements_as_one_that_does_not() {
    let mut bench = Bench::of(WAITS);
    let inputs = bench.program.policy().inputs.iter_ids();
    let ids: Vec<InputId> = inputs.map(|(id, _)| id).collect();
    bench.begin();
    bench.accounts(&[499; 1_000]).unwrap();
    for id in &ids {
        bench.program.set_pending(&mut bench.frame, *id);
    }
    bench.program.finish_inputs(&mut bench.frame).unwrap();
    for id in &ids {
        let progress = bench
            .program
            .decide(&mut bench.frame, &mut NoModels)
            .unwrap();
        assert_eq!(progress, Progress::Needs(Needs::Input(*id)));
        bench.program.set_integer(&mut bench.frame, *id, 2).unwrap();
    }
    assert_eq!(bench.decide(), "Some(1) []");
}
