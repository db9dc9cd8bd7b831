//! One case on its way: values on demand, each computed once.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use krites_lang::ir::{self, Policy};
use krites_lang::{
    Currency, DeclaredTy, GroupId, Id as _, InputId, LocalId, ModelId, RuleId, SubpolicyId,
    TableId, TagId, Ty,
};

use crate::asked::Answered;
use crate::bind::{self, Bound, Record};
use crate::case::Stub;
use crate::group::GroupState;
use crate::shadow::Again;
use crate::table::Chosen;
use crate::verdict::{AlwaysState, RuleState, ShadowState};
use crate::{Fault, Reference, Value, number};

/// Position of a fault among those of the case
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FaultId(pub(crate) usize);

/// In place of a fault: it would ask for something new, and may not. It is never kept.
pub(crate) const NEW: FaultId = FaultId(usize::MAX);

/// What an expression gives
pub(crate) type Found<T> = Result<T, FaultId>;

/// A fault of the case
pub(crate) struct Met {
    pub(crate) fault: Fault,
    /// The model whose failure it is
    pub(crate) model: Option<ModelId>,
    /// The group of inputs that it comes from
    pub(crate) group: Option<GroupId>,
    /// The policy that was asked and whose failure it is
    pub(crate) policy: Option<SubpolicyId>,
}

/// What a model came to
pub(crate) struct Asked {
    /// What it was fed, where that could be computed
    pub(crate) fed: Option<Vec<String>>,
    /// The columns that training did not hold, where the policy looks at that
    pub(crate) outside: Vec<String>,
    pub(crate) answers: Found<Vec<Value>>,
    /// Its fault, where the policy's answers stand in
    pub(crate) replaced: Option<FaultId>,
}

/// What a local holds
#[derive(Clone)]
pub(crate) enum Local {
    Value(Option<Value>),
    Elements(Rc<[Record]>),
}

/// One case
pub(crate) struct Run<'p, 'c> {
    pub(crate) policy: &'p Policy,
    pub(crate) reference: &'c Reference<'p>,
    pub(crate) stubs: &'c BTreeMap<ModelId, Stub>,
    pub(crate) case: Bound,
    pub(crate) faults: Vec<Met>,
    pub(crate) locals: BTreeMap<LocalId, Local>,
    pub(crate) definitions: Vec<Option<Found<Option<Value>>>>,
    pub(crate) rows: Vec<Option<Found<Chosen>>>,
    pub(crate) cells: BTreeMap<(TableId, u32), Found<Option<Value>>>,
    pub(crate) lists: BTreeMap<(TableId, u32), Found<Vec<Option<Value>>>>,
    pub(crate) models: Vec<Option<Asked>>,
    pub(crate) groups: Vec<GroupState>,
    /// What other policies came to
    pub(crate) policies: Vec<Option<Answered>>,
    pub(crate) rules: Vec<RuleState>,
    pub(crate) spoken: Vec<Spoke<'p>>,
    /// Tags, each with what gives it
    pub(crate) tagged: Vec<(String, TagId)>,
    /// What rules say that were asked
    pub(crate) said: BTreeMap<RuleId, Found<Option<Option<u32>>>>,
    /// Of what must always hold, in order
    pub(crate) always: Vec<AlwaysState>,
    /// Whether nothing new may be asked for
    pub(crate) nothing_new: bool,
    /// Where the case is decided again
    pub(crate) again: Option<Again>,
    /// What cases came to that were decided again
    pub(crate) shadows: Vec<ShadowState>,
    /// What is decided with the outcome
    pub(crate) decided: Vec<Option<Value>>,
    pub(crate) outcome: Option<u32>,
    /// Whether models' answers are stated, as tests do, and nothing is fed
    pub(crate) stated: bool,
    /// By cascade: the last of its tries that failed and gave way to the next
    pub(crate) failed_tries: BTreeMap<*const ir::Cascade, i64>,
    /// Elements that aggregates have looked at
    pub(crate) steps: u64,
    /// By rank: its open rows, as written
    pub(crate) open: BTreeMap<TableId, Vec<usize>>,
}

/// Something that spoke
pub(crate) struct Spoke<'p> {
    pub(crate) speaker: String,
    pub(crate) outcome: u32,
    pub(crate) because: Option<krites_lang::ReasonId>,
    /// What is decided with the outcome
    pub(crate) with: With<'p>,
    pub(crate) rule: Option<RuleId>,
    /// The rule, table or value that spoke
    pub(crate) owner: Arc<str>,
    /// Its values could not be computed: they are those of its fault's handling
    pub(crate) failed: bool,
}

/// What is decided with an outcome, by value
#[derive(Clone, Copy)]
pub(crate) enum With<'p> {
    Computed(&'p [Option<ir::Expr>]),
    Constant(&'p [Option<ir::Literal>]),
}

impl<'p, 'c> Run<'p, 'c> {
    pub(crate) fn new(
        reference: &'c Reference<'p>,
        case: Bound,
        stubs: &'c BTreeMap<ModelId, Stub>,
    ) -> Self {
        let policy = reference.policy;
        Self {
            policy,
            reference,
            stubs,
            groups: case.groups.clone(),
            case,
            faults: Vec::new(),
            locals: BTreeMap::new(),
            definitions: vec![None; policy.definitions.len()],
            rows: vec![None; policy.tables.len()],
            cells: BTreeMap::new(),
            lists: BTreeMap::new(),
            models: policy.models.iter().map(|_| None).collect(),
            policies: policy.subpolicies.iter().map(|_| None).collect(),
            rules: vec![RuleState::NotAsked; policy.rules.len()],
            spoken: Vec::new(),
            tagged: Vec::new(),
            said: BTreeMap::new(),
            always: vec![AlwaysState::NotKnown; policy.always.len()],
            nothing_new: false,
            again: None,
            shadows: Vec::new(),
            decided: Vec::new(),
            outcome: None,
            stated: false,
            failed_tries: BTreeMap::new(),
            steps: 0,
            open: BTreeMap::new(),
        }
    }

    /// Notes a fault.
    pub(crate) fn fault(&mut self, fault: Fault) -> FaultId {
        self.fault_of(fault, None)
    }

    pub(crate) fn fault_of(&mut self, fault: Fault, model: Option<ModelId>) -> FaultId {
        self.fault_from(fault, model, None)
    }

    pub(crate) fn fault_from(
        &mut self,
        fault: Fault,
        model: Option<ModelId>,
        group: Option<GroupId>,
    ) -> FaultId {
        self.faults.push(Met {
            fault,
            model,
            group,
            policy: None,
        });
        FaultId(self.faults.len() - 1)
    }

    /// Notes the fault of a result that is one.
    pub(crate) fn noted<T>(&mut self, result: Result<T, Fault>) -> Found<T> {
        result.map_err(|fault| self.fault(fault))
    }

    pub(crate) fn broken<T>(&mut self, what: &str) -> Found<T> {
        Err(self.fault(Fault::broken(what)))
    }

    pub(crate) fn met(&self, id: FaultId) -> Fault {
        let met = self.faults.get(id.0).map(|met| met.fault.clone());
        met.unwrap_or_else(|| Fault::broken("no such fault"))
    }

    /// The currency that an input names.
    pub(crate) fn currency(&self, id: InputId) -> Option<Currency> {
        match self.case.inputs.get(id.position()) {
            Some(Some(Value::Text(code))) => Currency::parse(code),
            _ => None,
        }
    }

    /// Rounds a value to the digits of its type, where that has some.
    pub(crate) fn rounded(&self, value: Value, ty: DeclaredTy) -> Value {
        match (value, bind::places(ty, &|id| self.currency(id))) {
            (Value::Number(value), Some(places)) if ty.ty.is_exact() => {
                Value::Number(number::round(&value, places, self.policy.rounding))
            }
            (value, _) => value,
        }
    }

    /// The value of an expression as one of a declared type.
    pub(crate) fn declared(&mut self, expr: &'p ir::Expr, ty: DeclaredTy) -> Found<Option<Value>> {
        self.ask_currency(ty)?;
        let value = self.value(expr)?;
        Ok(value.map(|value| self.rounded(value, ty)))
    }

    /// A constant as a value of a declared type.
    pub(crate) fn declared_constant(
        &mut self,
        literal: &ir::Literal,
        ty: DeclaredTy,
    ) -> Found<Option<Value>> {
        self.ask_currency(ty)?;
        Ok(Some(self.rounded(Value::of(literal), ty)))
    }

    /// Digits of a currency that a group says: the group is asked for.
    fn ask_currency(&mut self, ty: DeclaredTy) -> Found<()> {
        if let Ty::MoneyOf(currency) = ty.ty
            && ty.minor_unit
        {
            self.named(ir::Value::Input(currency))?;
        }
        Ok(())
    }

    /// The value that a name stands for, missing included.
    pub(crate) fn named(&mut self, value: ir::Value) -> Found<Option<Value>> {
        match value {
            ir::Value::Input(id) => {
                if let Some(group) = self.policy.inputs[id].group {
                    self.ask_group(group)?;
                }
                match self.case.inputs.get(id.position()) {
                    Some(value) => Ok(value.clone()),
                    None => self.broken("no such input"),
                }
            }
            ir::Value::DecisionDate => Ok(Some(Value::Date(self.case.decision_date))),
            ir::Value::Definition(id) => self.definition(id),
            ir::Value::Table(id, output) => self.cell(id, output),
            ir::Value::Model(id, give) => self.answer(id, give as usize),
            ir::Value::Local(id) => match self.locals.get(&id) {
                Some(Local::Value(value)) => Ok(value.clone()),
                Some(Local::Elements(_)) => self.broken("elements are no value"),
                None => self.broken("a local that is not bound"),
            },
            ir::Value::Outcome => match self.outcome {
                Some(outcome) => Ok(Some(Value::Label(outcome))),
                None => self.broken("the outcome before it is decided"),
            },
            ir::Value::Decided(at) => match self.decided.get(at as usize) {
                Some(value) => Ok(value.clone()),
                None => self.broken("a value before it is decided"),
            },
        }
    }

    fn definition(&mut self, id: krites_lang::DefinitionId) -> Found<Option<Value>> {
        if let Some(Some(known)) = self.definitions.get(id.position()) {
            return known.clone();
        }
        let policy = self.policy;
        let definition = &policy.definitions[id];
        let value = self.declared(&definition.value, definition.ty);
        if value == Err(NEW) {
            return value;
        }
        if let Some(place) = self.definitions.get_mut(id.position()) {
            *place = Some(value.clone());
        }
        value
    }
}
