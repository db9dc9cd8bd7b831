//! From the checked policy to slots and code.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use super::from_ir_expr::Compiler;
use super::quotient::Quotients;
use super::{
    Code, ColumnCode, Computed, Constant, CurrencyInput, ExactRange, FeedCode, FieldPlace,
    GiveCode, InputSlot, Kind, ModelCode, NamedListCode, OutputCode, Producer, Program, RowCode,
    RuleCode, Slot, TableCode, TableOutputCode, When,
};
use crate::Exact;
use crate::ast::Rounding;
use crate::calendar::Zone;
use crate::ids::{DefinitionId, InputId, List, ModelId, OutputId, TableId};
use crate::ir::{self, ConstRange, Literal, LocalTy, Step, Value};
use crate::packed::PackedTexts;
use crate::types::{DeclaredTy, Ty};

static NEXT_IDENTITY: AtomicU64 = AtomicU64::new(0);

pub(super) fn compile(policy: ir::Policy, plain: bool) -> Program {
    let mut compiler = Compiler {
        plain,
        quotients: Quotients::of(&policy),
        declared: declared(&policy),
        ranges: policy
            .inputs
            .iter()
            .map(|input| input.range.clone())
            .collect(),
        ..Compiler::default()
    };
    let decision_date = compiler.slot(Ty::Date, Producer::Given);
    let outcome = compiler.slot(Ty::Enum(policy.decide.ty), Producer::Given);
    compiler.decision_date = Some(decision_date);
    compiler.outcome = Some(outcome);
    let list_fields = policy.lists.iter().flat_map(|list| &list.fields);
    let inputs = policy
        .inputs
        .iter()
        .chain(list_fields)
        .map(|input| input_slot(&mut compiler, &policy, input))
        .collect::<List<_, _>>();
    let (lists, fields) = super::list::lists(&mut compiler, &policy, policy.inputs.len());
    compiler.lists = lists.iter().map(|list| list.slot).collect();
    compiler.inputs = inputs.iter().map(|input| input.slot).collect();
    compiler.input_types = inputs.iter().map(|input| input.ty).collect();
    compiler.locals = policy
        .locals
        .iter()
        .map(|local| {
            let ty = match local.ty {
                LocalTy::Value(declared) => declared.ty,
                // The range of its elements
                LocalTy::Elements(_) => Ty::Integer,
            };
            compiler.slot(ty, Producer::Given)
        })
        .collect();
    compiler.results = policy
        .functions
        .iter()
        .map(|function| compiler.slot(function.ty.ty, Producer::Given))
        .collect();
    compiler.definitions = policy
        .definitions
        .iter_ids()
        .map(|(id, definition)| compiler.slot(definition.ty.ty, Producer::Definition(id)))
        .collect();
    compiler.tables = policy
        .tables
        .iter_ids()
        .map(|(id, table)| {
            let outputs = (0..).zip(&table.outputs);
            outputs
                .map(|(at, output)| compiler.slot(output.ty.ty, Producer::Table(id, at)))
                .collect()
        })
        .collect();
    compiler.models = policy
        .models
        .iter_ids()
        .map(|(id, model)| {
            model
                .gives
                .iter()
                .map(|give| compiler.slot(give.ty.ty, Producer::Model(id)))
                .collect()
        })
        .collect();
    let output_slots: List<OutputId, Slot> = policy
        .outputs
        .iter()
        .map(|output| compiler.slot(output.ty.ty, Producer::Given))
        .collect();

    let definitions: List<DefinitionId, Computed> = policy
        .definitions
        .iter_ids()
        .map(|(id, definition)| {
            computed(
                &compiler,
                compiler.definitions[id],
                definition.ty,
                &definition.value,
            )
        })
        .collect();
    let functions = policy
        .functions
        .iter_ids()
        .map(|(id, _)| compiler.function(&policy, id))
        .collect();
    let tables = policy
        .tables
        .iter_ids()
        .map(|(id, table)| table_code(&compiler, id, table))
        .collect();
    let models = policy
        .models
        .iter_ids()
        .map(|(id, model)| model_code(&compiler, &policy, id, model))
        .collect();
    let rest_of_decide = policy.decide.steps.iter().find_map(|step| match step {
        Step::Rule(id) if policy.rules[*id].when.is_none() => Some(*id),
        _ => None,
    });
    let rules = policy
        .rules
        .iter_ids()
        .map(|(id, rule)| RuleCode {
            when: match &rule.when {
                Some(when) => When::Holds(compiler.truth(when)),
                None if rest_of_decide == Some(id) => When::RestOfDecide,
                None => When::RestOfSet,
            },
            outcome: rule.outcome,
            because: rule.because,
        })
        .collect();
    let outputs = policy
        .outputs
        .iter_ids()
        .map(|(id, output)| OutputCode {
            when: output.when.as_ref().map(|when| compiler.truth(when)),
            value: computed(&compiler, output_slots[id], output.ty, &output.value),
        })
        .collect();
    let word_lists = compiler.word_lists.take();
    let named_lists = policy
        .named_lists
        .iter_ids()
        .map(|(id, list)| NamedListCode::new(list, word_lists.contains(&id)))
        .collect();
    let labels = policy.enums[policy.decide.ty].labels.len();
    let owed = (0..labels)
        .map(|label| {
            policy
                .owed
                .outcomes
                .iter()
                .any(|owed| *owed as usize == label)
        })
        .collect();
    Program {
        identity: NEXT_IDENTITY.fetch_add(1, Ordering::Relaxed),
        layout: compiler.layout,
        sites: compiler.sites.into_inner().len(),
        producers: compiler.producers.into_boxed_slice(),
        inputs,
        currencies: currencies(&policy),
        fields: fields.into_boxed_slice(),
        lists,
        decision_date,
        named_lists,
        definitions,
        functions,
        models,
        tables,
        rules,
        steps: policy.decide.steps.clone().into_boxed_slice(),
        outcome,
        outputs,
        owed,
        rounding: policy.rounding,
        #[cfg(any(test, feature = "testing"))]
        scaled: compiler.scaled.get(),
        zone: policy.time_zone.as_deref().and_then(Zone::named),
        policy,
    }
}

/// The inputs that name a currency, each with its amounts.
fn currencies(policy: &ir::Policy) -> Box<[CurrencyInput]> {
    let mut found: BTreeMap<InputId, CurrencyInput> = BTreeMap::new();
    let mut named = |ty: DeclaredTy, input: Option<InputId>, field: Option<FieldPlace>| {
        if let Ty::MoneyOf(currency) = ty.ty {
            let entry = found.entry(currency).or_insert_with(|| CurrencyInput {
                input: currency,
                amounts: Vec::new(),
                fields: Vec::new(),
            });
            entry.amounts.extend(input.filter(|_| ty.minor_unit));
            entry.fields.extend(field.filter(|_| ty.minor_unit));
        }
    };
    for (id, input) in policy.inputs.iter_ids() {
        named(input.ty, Some(id), None);
    }
    for (list, listed) in policy.lists.iter_ids() {
        for (field, input) in listed.fields.iter().enumerate() {
            named(input.ty, None, Some(FieldPlace { list, field }));
        }
    }
    found.into_values().collect()
}

fn input_slot(compiler: &mut Compiler, policy: &ir::Policy, input: &ir::Input) -> InputSlot {
    let range = input.range.as_ref();
    InputSlot {
        slot: compiler.slot(input.ty.ty, Producer::Given),
        ty: input.ty.ty,
        optional: input.ty.optional,
        whole_range: range.map_or((i64::MIN, i64::MAX), whole_range),
        wires: match input.ty.ty {
            Ty::Enum(id) => PackedTexts::new(
                policy.enums[id]
                    .labels
                    .iter()
                    .map(|label| label.wire.clone()),
            ),
            _ => PackedTexts::new([]),
        },
        exact_range: range.and_then(exact_range),
        default: input
            .default
            .as_ref()
            .map(|value| constant(value, input.ty.ty)),
        missing_when: input
            .missing_when
            .as_ref()
            .map(|value| constant(value, input.ty.ty)),
    }
}

/// A literal of a type, as the slots of its kind carry it.
pub(crate) fn constant(literal: &Literal, ty: Ty) -> Constant {
    match literal {
        Literal::Exact(value) if ty != Ty::Float => Constant::Exact(*value),
        Literal::Text(text) => Constant::Text(text.clone()),
        literal => Constant::Whole(whole(literal).unwrap_or_default()),
    }
}

/// The whole number that carries a literal of a whole kind; of a number for models
/// only, its bits as a float.
pub(crate) fn whole(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Integer(value) => Some(*value),
        Literal::Boolean(value) => Some(i64::from(*value)),
        Literal::Date(date) => Some(date.to_ordinal()),
        Literal::DateTime(value) | Literal::Duration(value) => Some(*value),
        Literal::Label(label) => Some(i64::from(*label)),
        Literal::Exact(value) => Some(value.to_f64().to_bits().cast_signed()),
        Literal::Text(_) => None,
    }
}

/// The whole numbers of a range, both bounds in.
pub(super) fn whole_range(range: &ConstRange) -> (i64, i64) {
    // An exact bound is brought inward to a whole one; one beyond 64 bits is as
    // good as none.
    let bound =
        |bound: &Option<(Literal, bool)>, inward: i64, rounding: Rounding, open: i64| match bound {
            Some((Literal::Exact(value), inclusive)) => {
                let whole = value.round(0, rounding).to_integer();
                whole.map_or(open, |whole| {
                    let inside = *inclusive || Exact::from_integer(whole) != *value;
                    if inside {
                        whole
                    } else {
                        whole.saturating_add(inward)
                    }
                })
            }
            Some((literal, inclusive)) => whole(literal).map_or(open, |value| {
                if *inclusive {
                    value
                } else {
                    value.saturating_add(inward)
                }
            }),
            None => open,
        };
    let toward = |bound: &Option<(Literal, bool)>, up: bool| match bound {
        Some((literal, _)) if (literal.sign() < 0) == up => Rounding::Down,
        _ => Rounding::Up,
    };
    (
        bound(&range.low, 1, toward(&range.low, true), i64::MIN),
        bound(&range.high, -1, toward(&range.high, false), i64::MAX),
    )
}

pub(super) fn exact_range(range: &ConstRange) -> Option<ExactRange> {
    let bound = |bound: &Option<(Literal, bool)>| match bound {
        Some((Literal::Exact(value), inclusive)) => Some((*value, *inclusive)),
        _ => None,
    };
    let (low, high) = (bound(&range.low), bound(&range.high));
    (low.is_some() || high.is_some()).then_some(ExactRange { low, high })
}

/// The types of values that have declared ones.
fn declared(policy: &ir::Policy) -> HashMap<Value, DeclaredTy> {
    let inputs = policy.inputs.iter_ids();
    let inputs = inputs.map(|(id, input)| (Value::Input(id), input.ty));
    let definitions = policy.definitions.iter_ids();
    let definitions = definitions.map(|(id, found)| (Value::Definition(id), found.ty));
    let tables = policy.tables.iter_ids().flat_map(|(id, table)| {
        let outputs = (0..).zip(&table.outputs);
        outputs.map(move |(at, output)| (Value::Table(id, at), output.ty))
    });
    let locals = policy
        .locals
        .iter_ids()
        .filter_map(|(id, local)| match local.ty {
            LocalTy::Value(ty) => Some((Value::Local(id), ty)),
            LocalTy::Elements(_) => None,
        });
    inputs
        .chain(definitions)
        .chain(tables)
        .chain(locals)
        .collect()
}

fn computed(compiler: &Compiler, slot: Slot, ty: DeclaredTy, value: &ir::Expr) -> Computed {
    Computed {
        slot,
        code: compiler.declared(value, ty),
        places: ty.places,
    }
}

fn table_code(compiler: &Compiler, id: TableId, table: &ir::Table) -> TableCode {
    let slots = &compiler.tables[id];
    let outputs: Box<[TableOutputCode]> = slots
        .iter()
        .zip(&table.outputs)
        .map(|(slot, output)| TableOutputCode {
            slot: *slot,
            places: output.ty.places,
        })
        .collect();
    let rows = table
        .rows
        .iter()
        .map(|row| RowCode {
            tests: row
                .tests
                .iter()
                .flatten()
                .map(|test| compiler.truth(test))
                .collect(),
            values: row
                .values
                .iter()
                .zip(&table.outputs)
                .map(|(value, output)| {
                    value
                        .as_ref()
                        .map(|value| compiler.declared(value, output.ty))
                })
                .collect(),
        })
        .collect();
    let subjects = table
        .subjects
        .iter()
        .map(|subject| compiler.value_slot(*subject))
        .collect();
    TableCode {
        subjects,
        outputs,
        rows,
        span: table.span,
    }
}

fn model_code(
    compiler: &Compiler,
    policy: &ir::Policy,
    id: ModelId,
    model: &ir::Model,
) -> ModelCode {
    let inputs = model
        .inputs
        .iter()
        .map(|input| FeedCode {
            element: input.element,
            columns: input
                .columns
                .iter()
                .map(|column| column_code(compiler, policy, input.element, column))
                .collect(),
        })
        .collect();
    let gives = model
        .gives
        .iter()
        .zip(&compiler.models[id])
        .map(|(give, slot)| GiveCode {
            slot: *slot,
            kind: Kind::of(give.ty.ty),
            range: give.range.clone(),
            rounded: give.rounded.or(give.ty.places),
        })
        .collect();
    ModelCode {
        inputs,
        gives,
        within_ms: model.within_ms,
        on_fault: model.on_fault,
        span: model.span,
    }
}

fn column_code(
    compiler: &Compiler,
    policy: &ir::Policy,
    element: ir::Element,
    column: &ir::ModelColumn,
) -> ColumnCode {
    if column.value.ty == Ty::Float {
        return ColumnCode::Float(compiler.whole(&column.value));
    }
    let Ty::Enum(id) = column.value.ty else {
        return match compiler.code(&column.value, column.value.ty) {
            Code::Truth(truth) => ColumnCode::Truth(truth),
            Code::Whole(whole) => ColumnCode::Whole(whole),
            Code::Exact(number) => ColumnCode::Exact(number),
            Code::Text(words) => ColumnCode::Text(words),
            Code::Copy(slot, Kind::Exact) => ColumnCode::Exact(super::Number::Slot(slot)),
            Code::Copy(slot, Kind::Text) => ColumnCode::Text(super::Words::Slot(slot)),
            Code::Copy(slot, Kind::Whole) => ColumnCode::Whole(super::Whole::Slot(slot)),
            Code::Scaled(value) => ColumnCode::Exact(value.plain),
            // Fed as it is, in no declared type.
            Code::MinorUnit(_) => ColumnCode::Exact(super::Number::Constant(Exact::ZERO)),
        };
    };
    let labels = &policy.enums[id].labels;
    let label = compiler.whole(&column.value);
    if element == ir::Element::Text {
        return ColumnCode::Wire {
            label,
            wires: labels.iter().map(|label| label.wire.clone()).collect(),
        };
    }
    ColumnCode::Label {
        slot: match (&column.value.kind, column.value.optional) {
            (ir::ExprKind::Value(value), true) => Some(compiler.value_slot(*value)),
            _ => None,
        },
        label,
        codes: labels
            .iter()
            .map(|label| Exact::from_integer(label.code.unwrap_or_default()))
            .collect(),
        missing: column.missing_number(),
    }
}
