//! A case to decide, apart from how any engine is given it.

use std::collections::BTreeMap;
use std::fmt;

use krites_lang::ir::{
    GivenElement, Literal, Policy, StubbedAnswer, StubbedModel, StubbedPolicy, Test,
};
use krites_lang::{Date, Exact, InputId, ListId, ModelId, SubpolicyId, Ty};

use crate::{Value, calendar, number};

/// A case: what is given, and what the models answer
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// The day it is decided on
    pub decision_date: Date,
    /// Inputs that are given, missing ones among them
    pub inputs: BTreeMap<InputId, Given>,
    /// Lists that are given; those within records stand in the records
    pub lists: BTreeMap<ListId, Vec<Element>>,
    /// What models say; one that is not here fails
    pub models: BTreeMap<ModelId, Stub>,
    /// What other policies say; one that is not here is asked
    pub policies: BTreeMap<SubpolicyId, StubbedPolicy>,
}

/// A value as it is given
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Given as missing
    Missing,
    /// A whole number
    Integer(i64),
    /// An exact number; of percent the fraction
    Exact(Exact),
    /// True or false
    Boolean(bool),
    /// A text
    Text(String),
    /// A day
    Date(Date),
    /// Microseconds since 1970-01-01T00:00:00Z
    DateTime(i64),
    /// Microseconds
    Duration(i64),
    /// A label by its position
    Label(u32),
    /// A float that is merely fed to models
    Float(f64),
}

/// An element of a list
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// The list's fields by position; `None` is not given
    pub fields: Vec<Option<Given>>,
    /// Lists within the record
    pub lists: BTreeMap<ListId, Vec<Element>>,
}

/// What a test says of a model: its answers, row behind row where each has its own.
fn answers_by_row(gives: usize, stated: &[(usize, StubbedAnswer)]) -> Vec<Given> {
    let rows = stated.iter().map(|(_, answer)| match answer {
        StubbedAnswer::Same(_) => 1,
        StubbedAnswer::OfRows(values) => values.len(),
    });
    let rows = rows.max().unwrap_or(1);
    let mut all = vec![Given::Missing; gives * rows];
    for row in 0..rows {
        for (give, answer) in stated {
            let literal = match answer {
                StubbedAnswer::Same(literal) => Some(literal),
                StubbedAnswer::OfRows(values) => values.get(row),
            };
            if let (Some(literal), Some(place)) = (literal, all.get_mut(row * gives + give)) {
                *place = Given::of(literal);
            }
        }
    }
    all
}

/// What a model says
#[derive(Clone, Debug, PartialEq)]
pub enum Stub {
    /// Its answers, one a `give`. An exact one goes through a float on its way into
    /// the engine: it has at most 15 digits.
    Answers(Vec<Given>),
    /// It fails
    Fault,
}

impl Case {
    /// Takes the case of one of the policy's own tests.
    #[must_use]
    pub fn of_test(policy: &Policy, test: &Test) -> Case {
        let given = |value: &Option<Literal>| match value {
            Some(literal) => Given::of(literal),
            None => Given::Missing,
        };
        let inputs = test.inputs.iter();
        let models = test.models.iter().map(|(id, stub)| {
            let stub = match stub {
                StubbedModel::Fault => Stub::Fault,
                StubbedModel::Answers(answers) => {
                    Stub::Answers(answers_by_row(policy.models[*id].gives.len(), answers))
                }
            };
            (*id, stub)
        });
        Case {
            decision_date: test.decision_date.unwrap_or_default(),
            inputs: inputs.map(|(id, value)| (*id, given(value))).collect(),
            lists: of_lists(&test.lists),
            models: models.collect(),
            policies: test.policies.iter().cloned().collect(),
        }
    }

    /// Writes the case, names as the policy has them.
    #[must_use]
    pub fn shown(&self, policy: &Policy) -> String {
        let mut lines = vec![format!("decision_date = {}", self.decision_date)];
        for (id, input) in policy.inputs.iter_ids() {
            lines.push(match self.inputs.get(&id) {
                Some(given) => format!("{} = {given}", input.name),
                None => format!("{} not given", input.name),
            });
        }
        for (id, list) in &self.lists {
            lines.push(format!("{}:", policy.lists[*id].name));
            show_elements(policy, *id, list, 1, &mut lines);
        }
        for (id, model) in policy.models.iter_ids() {
            let name = &model.name;
            lines.push(match self.models.get(&id) {
                Some(Stub::Answers(answers)) => {
                    let answers: Vec<String> = answers.iter().map(Given::to_string).collect();
                    format!("{name} -> {}", answers.join(", "))
                }
                Some(Stub::Fault) | None => format!("{name} -> fault"),
            });
        }
        lines.join("\n")
    }
}

/// Takes lists of a policy's test.
fn of_lists(lists: &[(ListId, Vec<GivenElement>)]) -> BTreeMap<ListId, Vec<Element>> {
    let elements = |elements: &Vec<GivenElement>| {
        let elements = elements.iter().map(|element| Element {
            fields: element
                .fields
                .iter()
                .map(|value| Some(value.as_ref().map_or(Given::Missing, Given::of)))
                .collect(),
            lists: of_lists(&element.lists),
        });
        elements.collect()
    };
    lists
        .iter()
        .map(|(id, list)| (*id, elements(list)))
        .collect()
}

fn show_elements(
    policy: &Policy,
    id: ListId,
    elements: &[Element],
    depth: usize,
    lines: &mut Vec<String>,
) {
    for element in elements {
        let fields = policy.lists[id].fields.iter().zip(&element.fields);
        let fields: Vec<String> = fields
            .map(|(field, given)| match given {
                Some(given) => format!("{} = {given}", field.name),
                None => format!("{} not given", field.name),
            })
            .collect();
        lines.push(format!("{}- {}", "  ".repeat(depth), fields.join(", ")));
        for (inner, elements) in &element.lists {
            lines.push(format!(
                "{}{}:",
                "  ".repeat(depth + 1),
                policy.lists[*inner].name
            ));
            show_elements(policy, *inner, elements, depth + 2, lines);
        }
    }
}

impl Given {
    /// Takes a constant of the policy.
    #[must_use]
    pub fn of(literal: &Literal) -> Given {
        match literal {
            Literal::Integer(value) => Given::Integer(*value),
            Literal::Exact(value) => Given::Exact(*value),
            Literal::Boolean(value) => Given::Boolean(*value),
            Literal::Text(value) => Given::Text(value.to_string()),
            Literal::Date(value) => Given::Date(*value),
            Literal::DateTime(value) => Given::DateTime(*value),
            Literal::Duration(value) => Given::Duration(*value),
            Literal::Label(value) => Given::Label(*value),
        }
    }
}

impl Given {
    /// Takes a value for an input of this type.
    pub(crate) fn from_value(value: &Value, ty: Ty) -> Given {
        match value {
            Value::Number(number) => {
                let text = number::text(number);
                match (ty, text.parse(), Exact::parse(&text)) {
                    (Ty::Integer, Ok(whole), _) => Given::Integer(whole),
                    (_, _, Ok(exact)) => Given::Exact(exact),
                    _ => Given::Missing,
                }
            }
            Value::Boolean(value) => Given::Boolean(*value),
            Value::Text(value) => Given::Text(value.to_string()),
            Value::Date(day) => Date::parse(&day.to_string()).map_or(Given::Missing, Given::Date),
            Value::DateTime(micros) => Given::DateTime(*micros),
            Value::Duration(micros) => {
                let micros = micros.to_string().parse();
                micros.map_or(Given::Missing, Given::Duration)
            }
            Value::Label(label) => Given::Label(*label),
            Value::Float(value) => Given::Float(*value),
            Value::List(_) => Given::Missing,
        }
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Given::Missing => f.write_str("missing"),
            Given::Integer(value) => write!(f, "{value}"),
            Given::Exact(value) => f.write_str(&number::text(&number::from_exact(*value))),
            Given::Boolean(value) => write!(f, "{value}"),
            Given::Text(value) => write!(f, "{value:?}"),
            Given::Date(value) => write!(f, "{value}"),
            Given::DateTime(value) => f.write_str(&calendar::instant_text(*value)),
            Given::Duration(value) => f.write_str(&calendar::duration_text(*value)),
            Given::Label(value) => write!(f, "label {value}"),
            Given::Float(value) => write!(f, "{value:?}"),
        }
    }
}
