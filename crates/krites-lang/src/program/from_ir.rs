//! From the checked policy to slots and code.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use super::constant::{constant, exact_range, whole_range};
use super::from_ir_expr::Compiler;
use super::parts::model_code;
use super::quotient::Quotients;
use super::table::table_code;
use super::{
    Code, Computed, CurrencyInput, FieldPlace, InputSlot, Kind, Layout, NamedListCode, OutputCode,
    Producer, Program, ScorecardCode, Slot, TableCode,
};
use crate::calendar::Zone;
use crate::ids::{DefinitionId, Id as _, InputId, List, OutputId, TableId};
use crate::ir::{self, ExprKind, LocalTy, OutputSource, Value};
use crate::packed::PackedTexts;
use crate::types::{DeclaredTy, Ty};

static NEXT_IDENTITY: AtomicU64 = AtomicU64::new(0);

pub(super) fn compile(policy: ir::Policy, plain: bool) -> Program {
    let mut compiler = Compiler {
        plain,
        quotients: Quotients::of(&policy),
        declared: declared(&policy),
        sets: super::decide::sets_of_rules(&policy),
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
    compiler.decided = policy
        .decide
        .values
        .iter()
        .map(|value| compiler.slot(value.ty.ty, Producer::Given))
        .collect();
    let list_fields = policy.lists.iter().flat_map(|list| &list.fields);
    let inputs = policy
        .inputs
        .iter()
        .chain(list_fields)
        .enumerate()
        .map(|(position, input)| {
            let producer = match input.group {
                Some(group) => Producer::Group(group),
                None if position < policy.inputs.len() => Producer::Input(InputId::new(position)),
                // Of an element: it is whole before anything reads it.
                None => Producer::Given,
            };
            input_slot(&mut compiler, &policy, input, producer)
        })
        .collect::<List<_, _>>();
    let (lists, fields) = super::list::lists(&mut compiler, &policy, policy.inputs.len());
    let (mut groups, held) = super::group::groups(&policy.groups, &inputs);
    compiler.lists = lists.iter().map(|list| list.slot).collect();
    compiler.inputs = inputs.iter().map(|input| input.slot).collect();
    compiler.defaults = inputs
        .iter()
        .filter_map(|input| Some((input.slot.id, input.default.clone()?)))
        .collect();
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
    compiler.lookups = policy
        .lookups
        .iter()
        .map(|lookup| {
            let columns = lookup.columns.iter();
            columns
                .map(|column| compiler.slot(column.ty, Producer::Given))
                .collect()
        })
        .collect();
    compiler.definitions = policy
        .definitions
        .iter_ids()
        .map(|(id, definition)| compiler.slot(definition.ty.ty, Producer::Definition(id)))
        .collect();
    for definition in &policy.definitions {
        if let ExprKind::Cascade(cascade) = &definition.value.kind
            && let Some(stage) = cascade.stage
            && cascade.tries.iter().any(|attempt| attempt.fault_next)
        {
            let slot = compiler.slot(Ty::Integer, Producer::Given);
            compiler.left.insert(stage, slot);
        }
    }
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
    // What is read of the row at hand is the model's own answer.
    for (id, model) in policy.models.iter_ids() {
        let each = model.each.iter().flat_map(|each| &each.answers);
        for (local, slot) in each.zip(compiler.models[id].clone()) {
            compiler.locals[*local] = slot;
        }
    }
    let output_slots: List<OutputId, Slot> = policy
        .outputs
        .iter()
        .map(|output| compiler.slot(output.ty.ty, Producer::Given))
        .collect();

    let mut definitions: List<DefinitionId, Computed> = policy
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
    let (mut noted, mut codes) = (0, 0);
    let tables: List<TableId, TableCode> = policy
        .tables
        .iter_ids()
        .map(|(id, _)| table_code(&mut compiler, &policy, id, (&mut noted, &mut codes)))
        .collect();
    let mut counted = 0;
    for scorecard in policy.scorecards.iter().filter(|_| !plain) {
        let points = &mut definitions[scorecard.points];
        if let Some(code) = ScorecardCode::of(&policy, scorecard, &tables, &points.code) {
            points.code = Code::Points(Box::new(code));
            counted += 1;
        }
    }
    let models = policy
        .models
        .iter_ids()
        .map(|(id, model)| model_code(&compiler, &policy, id, model))
        .collect();
    let subpolicies = super::subpolicy::subpolicies(&mut compiler, &policy);
    for (id, group) in policy.groups.iter_ids() {
        let handling = group.on_fault.as_ref();
        groups[id].on_fault = handling.map(|handling| compiler.handling(&policy, handling));
    }
    let rules = super::decide::rules(&mut compiler, &policy);
    let rule_sets = super::decide::rule_sets(&compiler, &policy, &rules, &mut codes);
    let decide = super::decide::decide(&compiler, &policy);
    let observed = super::decide::observed(&compiler, &policy);
    let if_asked = |output: &ir::Output| match &output.value {
        OutputSource::Expr(value) if output.if_asked => match &value.kind {
            ExprKind::Value(value) => Some(compiler.value_slot(*value)),
            _ => None,
        },
        _ => None,
    };
    let outputs = policy.outputs.iter_ids();
    let outputs_if_asked = outputs.filter_map(|(id, output)| Some((id, if_asked(output)?)));
    let outputs_if_asked = outputs_if_asked.collect();
    let outputs = policy
        .outputs
        .iter_ids()
        .map(|(id, output)| OutputCode {
            when: output.when.as_ref().map(|when| compiler.truth(when)),
            value: output_value(&compiler, output_slots[id], output),
            if_asked: if_asked(output).is_some(),
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
        layout: Layout {
            noted,
            codes,
            ..compiler.layout
        },
        sites: compiler.sites.into_inner().len(),
        producers: compiler.producers.into_boxed_slice(),
        inputs,
        currencies: currencies(&policy),
        fields: fields.into_boxed_slice(),
        lists,
        decide,
        groups,
        held,
        completed: completed(&policy),
        observed,
        decision_date,
        named_lists,
        definitions,
        functions,
        models,
        subpolicies,
        tables,
        counted,
        rule_sets,
        rules,
        outcome,
        outputs,
        outputs_if_asked,
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

/// The inputs that are looked at where they are not given. The others are missing,
/// or their default, which no text and no amount of a currency of the case is.
fn completed(policy: &ir::Policy) -> Box<[InputId]> {
    let looked_at = policy.inputs.iter_ids().filter(|(_, input)| {
        let refused = matches!(input.ty.ty, Ty::Text | Ty::MoneyOf(_));
        match input.default {
            _ if input.group.is_some() => false,
            Some(_) => refused,
            None => !input.ty.optional,
        }
    });
    looked_at.map(|(id, _)| id).collect()
}

fn input_slot(
    compiler: &mut Compiler,
    policy: &ir::Policy,
    input: &ir::Input,
    producer: Producer,
) -> InputSlot {
    let range = input.range.as_ref();
    InputSlot {
        slot: compiler.slot(input.ty.ty, producer),
        ty: input.ty.ty,
        optional: input.ty.optional,
        group: input.group,
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
    let decided = (0..).zip(&policy.decide.values);
    let decided = decided.map(|(at, value)| (Value::Decided(at), value.ty));
    inputs
        .chain(definitions)
        .chain(tables)
        .chain(locals)
        .chain(decided)
        .collect()
}

/// The list that an output is stays where it is: the output's slot says whether it is
/// given.
fn output_value(compiler: &Compiler, slot: Slot, output: &ir::Output) -> Computed {
    match &output.value {
        OutputSource::Expr(value) => computed(compiler, slot, output.ty, value),
        OutputSource::Rows(table, at) => Computed {
            slot,
            code: Code::Copy(
                compiler.value_slot(Value::Table(*table, *at)),
                Kind::of(output.ty.ty),
            ),
            places: None,
        },
    }
}

fn computed(compiler: &Compiler, slot: Slot, ty: DeclaredTy, value: &ir::Expr) -> Computed {
    Computed {
        slot,
        code: compiler.declared(value, ty),
        places: ty.places,
    }
}
