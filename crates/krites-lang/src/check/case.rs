//! What an example or a test sets, can be set, and is set once.

use std::collections::{BTreeMap, HashMap};

use super::given::Given;
use super::names::Meaning;
use super::series::written;
use super::{Checker, Env, codes};
use crate::ast::{self, AssignedValue, Assignment};
use crate::ids::{GroupId, InputId, ModelId};
use crate::ir::{self, Literal, StubbedAnswer, StubbedModel, StubbedPolicy, Value};
use crate::types::{Date, Ty};
use crate::{Diagnostic, Id as _, Span};

/// What an example or a test sets
#[derive(Clone, Default)]
pub(super) struct Case {
    pub(super) decision_date: Option<Date>,
    /// Whether the day was reported
    pub(super) broken_date: bool,
    pub(super) inputs: BTreeMap<usize, Option<Literal>>,
    pub(super) lists: BTreeMap<usize, Vec<ir::GivenElement>>,
    pub(super) models: BTreeMap<usize, StubbedModel>,
    pub(super) policies: BTreeMap<usize, StubbedPolicy>,
    /// Inputs whose value was reported
    pub(super) broken_inputs: Vec<usize>,
    /// Lists whose elements were reported
    pub(super) broken_lists: Vec<usize>,
    /// Models of which an answer was reported
    pub(super) broken_models: Vec<usize>,
    /// Policies that are asked and of which an answer was reported
    pub(super) broken_policies: Vec<usize>,
}

impl Case {
    /// Sets an answer of a model.
    pub(super) fn answer(&mut self, id: ModelId, give: usize, answer: StubbedAnswer) {
        let stub = self.models.entry(id.position());
        let stub = stub.or_insert(StubbedModel::Fault);
        if let StubbedModel::Answers(answers) = stub {
            answers.retain(|(known, _)| *known != give);
            answers.push((give, answer));
        } else {
            *stub = StubbedModel::Answers(vec![(give, answer)]);
        }
    }
}

impl Checker<'_> {
    /// Sets what one example, or one `with`, lists.
    pub(super) fn assign_all(&mut self, assignments: &[Assignment], case: &mut Case) {
        let mut set: HashMap<String, Span> = HashMap::new();
        // By model, or by policy that is asked
        let mut models: HashMap<(usize, bool), (bool, Span)> = HashMap::new();
        let mut groups: HashMap<GroupId, (bool, Span)> = HashMap::new();
        for assignment in assignments {
            let (path, index) = (&assignment.path, assignment.index);
            if let Some(before) = set.insert(written(path, index), path.span) {
                self.set_twice(&written(path, index), path.span, before);
                continue;
            }
            let Some((meaning, _)) = self.resolve(path, &Env::of_test()) else {
                continue;
            };
            if let Some(group) = self.group_of(meaning) {
                let absent = matches!(meaning, Meaning::Group(_));
                let (was_absent, before) = *groups.entry(group).or_insert((absent, path.span));
                if absent != was_absent {
                    self.absent_and_given(path, before);
                    continue;
                }
            }
            match (meaning, index) {
                (Meaning::Series(position), None) => {
                    self.assign_series(position, assignment, &mut set, case);
                    continue;
                }
                (_, Some(_)) => {
                    if let Some((value, _)) = self.place(path, index, &Env::of_test()) {
                        self.assign(Meaning::Value(value), assignment, case);
                    }
                    continue;
                }
                _ => {}
            }
            let fails = matches!(assignment.value, AssignedValue::Fault(_));
            let answering = self.model_of(meaning).map(|model| (model, false));
            let answering = answering.or(self.asked_of(meaning).map(|asked| (asked, true)));
            if let Some(answering) = answering {
                let (failed, before) = *models.entry(answering).or_insert((fails, path.span));
                if failed != fails {
                    self.fails_and_answers(path, before, answering.1);
                    continue;
                }
            }
            self.assign(meaning, assignment, case);
        }
    }

    /// Sets all elements of a series, in order.
    fn assign_series(
        &mut self,
        position: usize,
        assignment: &Assignment,
        set: &mut HashMap<String, Span>,
        case: &mut Case,
    ) {
        let path = &assignment.path;
        let inputs = self.series.get(position);
        let inputs: Vec<InputId> = inputs.map_or(Vec::new(), |head| head.inputs.clone());
        // What is wrong of the list is not reported again of its elements.
        let broken = |case: &mut Case| {
            let positions = inputs.iter().map(|id| id.position());
            case.broken_inputs.extend(positions);
        };
        let AssignedValue::List(values, span) = &assignment.value else {
            broken(case);
            return self.cannot_set(Meaning::Series(position), assignment);
        };
        if values.len() != inputs.len() {
            broken(case);
            let (wanted, found) = (inputs.len(), values.len());
            self.report(
                Diagnostic::error(
                    codes::SERIES_SIZE,
                    format!("`{}` has {wanted} elements, {found} are listed", path.text),
                    *span,
                )
                .help("list each element in order, `missing` for one that is missing"),
            );
            return;
        }
        for (id, value) in inputs.into_iter().zip(values) {
            let name = self.inputs[id].name.to_string();
            if let Some(before) = set.insert(name.clone(), path.span) {
                self.set_twice(&name, path.span, before);
                continue;
            }
            let element = Assignment {
                value: value.clone(),
                ..assignment.clone()
            };
            self.assign(Meaning::Value(Value::Input(id)), &element, case);
        }
    }

    pub(super) fn set_twice(&mut self, name: &str, span: Span, before: Span) {
        self.report(
            Diagnostic::error(codes::SET_TWICE, format!("`{name}` is set twice"), span)
                .label("set again here")
                .evidence(before, "first set here")
                .help("keep one of the two"),
        );
    }

    /// The group that something is, or is given with.
    pub(super) fn group_of(&self, meaning: Meaning) -> Option<GroupId> {
        match meaning {
            Meaning::Group(group) => Some(group),
            Meaning::Value(Value::Input(id)) => self.inputs[id].group,
            Meaning::List(id) => self.lists[id].group,
            Meaning::Series(position) => {
                let first = self.series.get(position)?.inputs.first()?;
                self.inputs[*first].group
            }
            _ => None,
        }
    }

    fn absent_and_given(&mut self, path: &ast::Path, before: Span) {
        self.report(
            Diagnostic::error(
                codes::SET_TWICE,
                "a group cannot both be absent and given",
                path.span,
            )
            .evidence(before, "set here before")
            .help("keep either `absent` or the values"),
        );
    }

    fn fails_and_answers(&mut self, path: &ast::Path, before: Span, is_policy: bool) {
        let what = if is_policy { "policy" } else { "model" };
        self.report(
            Diagnostic::error(
                codes::SET_TWICE,
                format!("a {what} cannot both fail and answer"),
                path.span,
            )
            .evidence(before, "set here before")
            .help("keep either the fault or the answers"),
        );
    }

    fn assign(&mut self, meaning: Meaning, assignment: &Assignment, case: &mut Case) {
        let path = &assignment.path;
        match (meaning, &assignment.value) {
            (
                Meaning::Value(Value::Input(id)),
                value @ (AssignedValue::Missing(_) | AssignedValue::Value(_)),
            ) => {
                let input = self.inputs[id].clone();
                match self.given(&input, &input.name, value) {
                    Some(Given::Value(value)) => {
                        self.check_currency(id, &value, assignment.value.span());
                        case.inputs.insert(id.position(), Some(value));
                    }
                    Some(Given::Missing) => {
                        case.inputs.insert(id.position(), None);
                    }
                    Some(Given::Default) => {
                        case.inputs.remove(&id.position());
                    }
                    None => case.broken_inputs.push(id.position()),
                }
            }
            (Meaning::List(list), AssignedValue::List(values, span)) => {
                match self.given_list(list, values, *span) {
                    Some(elements) => {
                        case.lists.insert(list.position(), elements);
                    }
                    None => case.broken_lists.push(list.position()),
                }
            }
            (Meaning::Value(Value::DecisionDate), AssignedValue::Value(value)) => {
                match self.constant(value, Ty::Date) {
                    Some(Literal::Date(date)) => case.decision_date = Some(date),
                    _ => case.broken_date = true,
                }
            }
            (Meaning::Value(Value::Model(id, give)), AssignedValue::Value(value)) => {
                self.assign_answer(id, give as usize, path, value, case);
            }
            (Meaning::OfEachRow(model, give), AssignedValue::Value(value)) => {
                self.assign_answer(ModelId::new(model), give as usize, path, value, case);
            }
            (Meaning::OfEachRow(model, give), AssignedValue::Shares(shares, span)) => {
                self.assign_rows(
                    ModelId::new(model),
                    give as usize,
                    path,
                    (shares, *span),
                    case,
                );
            }
            (Meaning::Distribution(position), AssignedValue::Shares(shares, span)) => {
                self.assign_shares(position, shares, *span, case);
            }
            (Meaning::Group(group), value) if is_absent(value) => {
                let group = &self.groups[group];
                for id in &group.inputs {
                    case.inputs.remove(&id.position());
                }
                for id in &group.lists {
                    case.lists.remove(&id.position());
                }
            }
            (
                Meaning::Value(Value::Definition(_)),
                AssignedValue::Value(_) | AssignedValue::Missing(_),
            ) if self.asked_of(meaning).is_some() => self.assign_asked(meaning, assignment, case),
            (Meaning::Subpolicy(position), AssignedValue::Fault(_)) => {
                case.policies.insert(position, StubbedPolicy::Fault);
            }
            (Meaning::Model(position), AssignedValue::Fault(_)) => {
                case.models.insert(position, StubbedModel::Fault);
            }
            (meaning, _) => {
                match meaning {
                    Meaning::Value(Value::Input(id)) => case.broken_inputs.push(id.position()),
                    Meaning::List(id) => case.broken_lists.push(id.position()),
                    _ => case.broken_models.extend(self.model_of(meaning)),
                }
                self.cannot_set(meaning, assignment);
            }
        }
    }

    fn assign_answer(
        &mut self,
        id: ModelId,
        give: usize,
        path: &ast::Path,
        value: &ast::Expr,
        case: &mut Case,
    ) {
        match self.stated_answer(id, give, path, value) {
            Some(literal) => case.answer(id, give, StubbedAnswer::Same(literal)),
            None => case.broken_models.push(id.position()),
        }
    }

    /// An answer of the promised type and range; `None` where it was reported.
    pub(super) fn stated_answer(
        &mut self,
        id: ModelId,
        give: usize,
        path: &ast::Path,
        value: &ast::Expr,
    ) -> Option<Literal> {
        let answer = self.model_heads.get(id.position())?.answers.get(give)?;
        let (promised, declared) = (answer.promise.clone()?, answer.ast.name.span);
        let literal = self.constant(value, promised.ty.ty)?;
        let (range, declared) = (promised.range.as_ref(), Some(declared));
        self.check_inside(&literal, range, &path.text, declared, value.span);
        Some(literal)
    }

    fn cannot_set(&mut self, meaning: Meaning, assignment: &Assignment) {
        let path = &assignment.path;
        let kind = Self::kind_words(meaning);
        let help = match (meaning, &assignment.value) {
            (Meaning::Series(_), _) => "list its elements in order, as in `[1, 2, 3]`",
            (Meaning::List(_), _) => "list its elements in order, as in `[]` or `[1, 2]`",
            (Meaning::Distribution(_), _) => {
                "set the probabilities of its labels, as in `{ lost_card : 0.9, rest : 0.1 }`"
            }
            (Meaning::OfEachRow(..), _) => {
                "set one answer for all rows, or one for each, as in `{ A1 : 0.3, rest : 0.1 }`"
            }
            (Meaning::Group(_), _) => {
                "set its inputs one by one, or write `= absent` where it is not given"
            }
            (_, AssignedValue::Record(..)) => "set its fields one by one",
            (_, AssignedValue::Shares(..)) => {
                "only a distribution, or an answer for each row of a rank, is set so"
            }
            (_, AssignedValue::List(..)) => "only a list or series is set to a list",
            _ => "set inputs, `decision_date`, an answer of a model, or `model = fault`",
        };
        let headline = match &assignment.value {
            AssignedValue::List(..) => format!("`{}` cannot be a list", path.text),
            AssignedValue::Record(..) => format!("`{}` cannot be a record", path.text),
            AssignedValue::Shares(..) => format!("`{}` has neither labels nor rows", path.text),
            AssignedValue::Fault(_) => format!("`{}` cannot fail", path.text),
            _ => format!("a test cannot set `{}`", path.text),
        };
        self.report(
            Diagnostic::error(codes::CANNOT_SET, headline, path.span)
                .label(format!("this is {kind}"))
                .help(help),
        );
    }

    /// The model that something is, or is an answer of.
    fn model_of(&self, meaning: Meaning) -> Option<usize> {
        match meaning {
            Meaning::Model(position) | Meaning::OfEachRow(position, _) => Some(position),
            Meaning::Value(Value::Model(id, _)) => Some(id.position()),
            Meaning::Distribution(position) => {
                let head = self.distributions.get(position)?;
                Some(head.labels.model.position())
            }
            _ => None,
        }
    }
}

/// Tells whether a group is set to `absent`. A bare word: `absent` may be a label.
fn is_absent(value: &AssignedValue) -> bool {
    let AssignedValue::Value(value) = value else {
        return false;
    };
    matches!(&value.kind, ast::ExprKind::Path(path) if path.text == "absent")
}
