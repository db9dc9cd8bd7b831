//! Policies, each with one way to handle a fault of its model, and what each comes to:
//! by hand, and not by anything that decides.

/// What a case comes to
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comes {
    /// Outcome, reasons, tags, and what is decided with the outcome
    To(
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        Option<&'static str>,
    ),
    /// No decision, for what could not be computed
    ToNoOutput,
    ToNoAlways,
}

/// One way to handle a fault
pub(crate) struct Handling {
    pub(crate) name: &'static str,
    /// Behind the header's version
    header: &'static str,
    /// Between the model's file and its block
    model_is: &'static str,
    /// What it is fed, where `?` is the input that may be missing
    fed: &'static str,
    /// At the end of the model's block
    model: &'static str,
    /// The rest of the policy
    rest: &'static str,
    /// Whether it gives single values alone
    pub(crate) single: bool,
    /// Without a fault
    pub(crate) sound: Comes,
    /// With one
    pub(crate) faulted: Comes,
    /// As the record has it
    pub(crate) handled_by: &'static [&'static str],
    /// What the record has beside it: a pointer, and the value there
    pub(crate) recorded: Option<(&'static str, &'static str)>,
}

impl Handling {
    /// Tells whether the model is no part of the decision.
    pub(crate) fn is_shadow(&self) -> bool {
        self.model_is == "shadow"
    }

    /// Writes the policy, with a time for the model.
    pub(crate) fn policy(&self, within_ms: u32) -> String {
        let distribution = match self.single {
            true => "",
            false => "give kind : distribution of Kind = kinds named by \"kinds.json\"\n",
        };
        let gives =
            format!("give p : decimal in 0 to 1 = p\ngive word : text = word\n{distribution}");
        let fed = self.fed.replace('?', "(x if missing fault)");
        format!(
            "policy matrix {{ version \"1\"{} }}\n{HEAD}\
             model risk from \"risk\" {} {{\nfeed {{ x = {fed} }}\n{gives}\
             within {within_ms} ms\noutside training range fault\n{}\n}}\n{}",
            self.header,
            self.model_is,
            self.model,
            self.rest.replace("GIVES", &gives),
        )
    }
}

const HEAD: &str = r#"
reason M01 "The model's"
reason M02 "The header's"
reason M03 "The rule's"
reason R01 "Risky"
reason R02 "Another rule"
enum Outcome { approve < refer < decline }
enum Kind { car, other }
input { x : integer? in 0 to 100; age : integer in 0 to 120 }
"#;

/// A risky case is declined, any other approved: a fault that were taken for "no match"
/// would approve.
const PLAIN: &str = r#"
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#;

const DECLINED: Comes = Comes::To("decline", &["R01"], &[], None);

const BASE: Handling = Handling {
    name: "",
    header: "",
    model_is: "",
    fed: "?",
    model: "",
    rest: PLAIN,
    single: false,
    sound: DECLINED,
    faulted: Comes::To("refer", &["M01"], &[], None),
    handled_by: &["model risk"],
    recorded: None,
};

const MODEL: &str = "on fault refer because M01";
const HEADER: &str = "; on fault refer because M02";
const BY_HEADER: Comes = Comes::To("refer", &["M02"], &[], None);
const BY_OTHER: Comes = Comes::To("refer", &["R02"], &[], None);

/// All handlings.
pub(crate) fn handlings() -> Vec<Handling> {
    let mut all = by_place();
    all.extend(by_reader());
    all.extend(beside_the_decision());
    all
}

/// Whose `on fault` it is
fn by_place() -> Vec<Handling> {
    vec![
        Handling {
            name: "the model's outcome",
            model: MODEL,
            ..BASE
        },
        Handling {
            name: "the model's outcome with a value, a reason and a tag",
            model: "on fault refer with limit = 7 because M01 tag model_down",
            rest: r#"
decide outcome : Outcome most severe with limit : integer {
    rule risky when risk.p > 8% then decline with limit = 1 because R01
    rule rest otherwise then approve with limit = 9
}
reasons { for refer, decline : rules that spoke }
"#,
            sound: Comes::To("decline", &["R01"], &[], Some("1")),
            faulted: Comes::To("refer", &["M01"], &["model_down"], Some("7")),
            ..BASE
        },
        Handling {
            name: "the header's",
            header: HEADER,
            faulted: BY_HEADER,
            handled_by: &["header"],
            ..BASE
        },
        Handling {
            name: "the model's before the header's",
            header: "; on fault decline because M02",
            model: MODEL,
            ..BASE
        },
        Handling {
            name: "the rule's before the model's and the header's",
            header: "; on fault decline because M02",
            model: "on fault decline because M01",
            rest: r#"
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% then decline because R01
        on fault refer because M03
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            faulted: Comes::To("refer", &["M03"], &[], None),
            handled_by: &["rule outcome.risky"],
            ..BASE
        },
        Handling {
            name: "answers that stand in",
            model: "on fault use p = 0.5, word = \"none\" and tag model_down",
            rest: r#"
decide outcome : Outcome most severe {
    rule half when risk.p > 40% then refer because R02
    rule risky when risk.p > 8% and risk.p <= 40% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            single: true,
            faulted: Comes::To("refer", &["R02"], &["model_down"], None),
            handled_by: &["stand-in"],
            ..BASE
        },
    ]
}

/// What reads the answer
fn by_reader() -> Vec<Handling> {
    vec![
        Handling {
            name: "a first set ends there",
            model: MODEL,
            rest: r#"
rules of_risk first {
    rule risky when risk.p > 8% then decline because R01
    rule old when age > 30 then decline because R02
}
decide outcome : Outcome most severe {
    evaluate of_risk
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            ..BASE
        },
        Handling {
            name: "an all set goes on",
            model: "on fault decline because M01",
            rest: r#"
rules of_risk all {
    rule risky when risk.p > 8% then refer because R01
    rule old when age > 30 then refer because R02
}
decide outcome : Outcome most severe {
    evaluate of_risk
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            sound: Comes::To("refer", &["R01", "R02"], &[], None),
            faulted: Comes::To("decline", &["M01"], &[], None),
            recorded: Some(("/rules/of_risk.old", "\"fired\"")),
            ..BASE
        },
        Handling {
            name: "a fault or the truth",
            model: MODEL,
            rest: r#"
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% or age > 30 then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            ..BASE
        },
        Handling {
            name: "a fault denied",
            model: MODEL,
            rest: r#"
decide outcome : Outcome most severe {
    rule fine when not (risk.p > 8%) then approve
    rule rest otherwise then decline because R01
}
reasons { for refer, decline : rules that spoke }
"#,
            ..BASE
        },
        Handling {
            name: "a cascade goes on behind a value",
            header: "; on fault decline because M02",
            rest: CASCADE_VALUE,
            faulted: BY_OTHER,
            handled_by: &[],
            ..BASE
        },
        Handling {
            name: "a cascade goes on behind a condition",
            header: "; on fault decline because M02",
            rest: CASCADE_CONDITION,
            faulted: BY_OTHER,
            handled_by: &[],
            ..BASE
        },
        Handling {
            name: "a column that a table tests",
            header: HEADER,
            rest: r#"
table verdicts first match -> verdict : Outcome, because {
    | id | risk.p     | verdict | because |
    |----|------------|---------|---------|
    | A  | above 0.08 | decline | R01     |
    | B  | any        | approve | -       |
}
decide outcome : Outcome most severe {
    evaluate verdicts.verdict
}
reasons { for refer, decline : rules that spoke }
"#,
            faulted: BY_HEADER,
            handled_by: &["header"],
            ..BASE
        },
        Handling {
            name: "a cell that a table gives",
            model: MODEL,
            rest: r#"
table terms first match -> margin : decimal {
    | id | age      | margin     |
    |----|----------|------------|
    | A  | above 30 | risk.p * 2 |
    | B  | any      | 0          |
}
decide outcome : Outcome most severe {
    rule costly when terms.margin > 0.1 then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            ..BASE
        },
        Handling {
            name: "actions without an order",
            model: "on fault hold because M01",
            rest: r#"
enum Action { raise, hold, lower, keep }
decide action : Action first match {
    rule risky when risk.p > 8% then lower because R01
    rule old when age > 30 then raise
    rule rest otherwise then keep
}
reasons { for lower, hold : rules that spoke }
"#,
            sound: Comes::To("lower", &["R01"], &[], None),
            faulted: Comes::To("hold", &["M01"], &[], None),
            ..BASE
        },
        Handling {
            name: "each of a rank",
            model_is: "for each of offers",
            fed: "offers.margin + ?",
            model: MODEL,
            rest: r#"
enum Offer { mortgage, card, nothing }
rank offers by value -> offer : Offer, margin : integer, value : decimal = risk.p {
    | id | age | offer    | margin |
    |----|-----|----------|--------|
    | M  | any | mortgage | 20     |
    | C  | any | card     | 40     |
}
define { best = first of offers.offer if none nothing }
decide outcome : Outcome most severe {
    rule best_card when best is card then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            single: true,
            ..BASE
        },
        Handling {
            name: "what is decided with the outcome",
            header: "; on fault refer with limit = 0 because M02",
            rest: r#"
decide outcome : Outcome most severe with limit : decimal {
    rule rest otherwise then approve with limit = (if risk.p > 8% then 0.25 else 0.5)
}
reasons { for refer, decline : rules that spoke }
"#,
            sound: Comes::To("approve", &[], &[], Some("0.25")),
            faulted: Comes::To("refer", &["M02"], &[], Some("0")),
            handled_by: &["header"],
            ..BASE
        },
    ]
}

const CASCADE_VALUE: &str = r#"
cascade grade : decimal {
    try risk.p on fault next
    otherwise 0.5
}
decide outcome : Outcome most severe {
    rule half when grade > 40% then refer because R02
    rule risky when grade > 8% and grade <= 40% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#;

const CASCADE_CONDITION: &str = r#"
cascade grade : decimal {
    try 0.1 when risk.p > 8% on fault next
    try 0.01 when risk.p <= 8% on fault next
    otherwise 0.5
}
decide outcome : Outcome most severe {
    rule half when grade > 40% then refer because R02
    rule risky when grade > 8% and grade <= 40% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#;

/// What is no part of the steps: outputs, what always holds, and what is in shadow
fn beside_the_decision() -> Vec<Handling> {
    vec![
        Handling {
            name: "an output",
            header: HEADER,
            rest: r#"
decide outcome : Outcome most severe {
    rule old when age > 30 then decline because R01
    rule rest otherwise then approve
}
output { score : decimal = risk.p }
reasons { for refer, decline : rules that spoke }
"#,
            faulted: Comes::ToNoOutput,
            ..BASE
        },
        Handling {
            name: "the condition of outputs",
            header: HEADER,
            rest: r#"
decide outcome : Outcome most severe {
    rule old when age > 30 then decline because R01
    rule rest otherwise then approve
}
output { when risk.p > 8% { score : decimal = 1.5 } }
reasons { for refer, decline : rules that spoke }
"#,
            faulted: Comes::ToNoOutput,
            ..BASE
        },
        Handling {
            name: "what always holds, enforced",
            model: MODEL,
            rest: r#"
always "probabilities are small": risk.p <= 100% enforce
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            faulted: Comes::ToNoAlways,
            ..BASE
        },
        Handling {
            name: "what always holds",
            model: MODEL,
            rest: r#"
always "probabilities are small": risk.p <= 100%
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            recorded: Some(("/always/probabilities are small", "\"fault\"")),
            ..BASE
        },
        Handling {
            name: "ignored in shadow",
            model_is: "shadow",
            model: "on fault ignore",
            rest: r#"
decide outcome : Outcome most severe {
    rule old when age > 30 then decline because R01
    rule rest otherwise then approve
}
reasons { for refer, decline : rules that spoke }
"#,
            faulted: DECLINED,
            handled_by: &["shadow"],
            ..BASE
        },
        Handling {
            name: "ignored in shadow, and decided again",
            model_is: "shadow",
            rest: r#"
model champion from "champion" {
    feed { x = age }
    GIVES
    on fault refer because M01
}
decide outcome : Outcome most severe {
    rule risky when champion.p > 8% then decline because R01
    rule rest otherwise then approve
}
shadow with_risk { with champion = risk; compare outcome }
reasons { for refer, decline : rules that spoke }
"#,
            faulted: DECLINED,
            handled_by: &["shadow"],
            recorded: Some(("/shadows/with_risk/is", "\"not known\"")),
            ..BASE
        },
    ]
}
