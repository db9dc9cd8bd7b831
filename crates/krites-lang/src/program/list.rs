//! Lists of the case, and code for what is made of their elements.

use super::extra::OfKind;
use super::from_ir_expr::Compiler;
use super::{Kind, Producer, Slot, Truth};
use crate::Span;
use crate::ast::AggregateKind;
use crate::ids::{Id as _, InputId, List, ListId, TableId};
use crate::ir::{self, Expr, Over, Value};
use crate::types::Ty;

/// Where a list's elements go
#[derive(Clone, Debug)]
pub(crate) struct ListCode {
    /// Of an input: the range of its elements, as [`packed`]
    pub(crate) slot: Slot,
    pub(crate) within: Option<ListId>,
    /// The fields of the element that is being bound, one behind the other: each is
    /// an input until the element is whole
    pub(crate) fields: Box<[InputId]>,
    /// The lists within its elements
    pub(crate) inner: Box<[ListId]>,
    pub(crate) default_empty: bool,
}

/// Where a field of an element stands
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldPlace {
    pub(crate) list: ListId,
    pub(crate) field: usize,
}

/// What is made of elements, as a value of kind `T`
#[derive(Clone, Debug)]
pub(crate) struct AggregateCode<T> {
    pub(crate) kind: AggregateKind,
    /// Which outermost aggregate of the policy this is, or lies within
    pub(crate) site: u32,
    /// Whether it lies within another one
    pub(crate) nested: bool,
    pub(crate) elements: ElementsCode,
    pub(crate) condition: Option<Truth>,
    pub(crate) value: Option<T>,
    pub(crate) if_none: Option<T>,
    /// Whether its sum goes on from a quotient, so that it rounds
    pub(crate) rounds: bool,
    /// Whether it is a length of time
    pub(crate) of_time: bool,
    pub(crate) span: Span,
}

/// The elements that are looked at, and what is bound of each
#[derive(Clone, Debug)]
pub(crate) enum ElementsCode {
    Series {
        inputs: Box<[Slot]>,
        /// Where the element goes, if it is read
        each: Option<(Slot, Kind)>,
    },
    /// The labels of a distribution
    Labels {
        answers: Box<[Slot]>,
        /// Where the label goes, if it is read
        label: Option<Slot>,
        /// Where its probability goes, if it is read
        probability: Option<Slot>,
    },
    Rows {
        table: TableId,
        fields: Box<[RowField]>,
    },
    List {
        list: ListId,
        /// The slot of the elements' range
        range: Slot,
        /// Fields by position, each with its slot
        fields: Box<[(usize, Slot)]>,
        inner: Box<[(ListId, Slot)]>,
    },
}

/// An output of a table's rows that is read of each
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowField {
    pub(crate) output: u32,
    /// The slot of the whole list
    pub(crate) list: Slot,
    /// Where a row's goes
    pub(crate) slot: Slot,
}

/// Packs a range of a list's columns into a whole number.
pub(crate) fn packed(start: usize, length: usize) -> i64 {
    let half = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (i64::from(half(start)) << 32) | i64::from(half(length))
}

/// Unpacks [`packed`]: the start and the length.
pub(crate) fn unpacked(range: i64) -> (usize, usize) {
    let half = |bits: i64| usize::try_from(bits & 0xffff_ffff).unwrap_or(usize::MAX);
    (half(range >> 32), half(range))
}

/// Lays out the lists of a policy; the inputs of their fields follow on `inputs`.
pub(super) fn lists(
    compiler: &mut Compiler,
    policy: &ir::Policy,
    inputs: usize,
) -> (List<ListId, ListCode>, Vec<FieldPlace>) {
    let mut places = Vec::new();
    let mut lists = List::default();
    for (id, list) in policy.lists.iter_ids() {
        let fields = (0..list.fields.len()).map(|field| {
            places.push(FieldPlace { list: id, field });
            InputId::new(inputs + places.len() - 1)
        });
        let fields = fields.collect();
        let inner = policy.lists.iter_ids();
        let inner = inner.filter(|(_, inner)| inner.within == Some(id));
        lists.push(ListCode {
            slot: compiler.range_slot(match list.group {
                Some(group) => Producer::Group(group),
                None => Producer::Given,
            }),
            within: list.within,
            fields,
            inner: inner.map(|(inner, _)| inner).collect(),
            default_empty: list.default_empty,
        });
    }
    (lists, places)
}

impl Compiler {
    /// Code for an aggregate.
    pub(super) fn aggregate<T: OfKind>(
        &self,
        aggregate: &ir::Aggregate,
        expr: &Expr,
    ) -> AggregateCode<T> {
        let outer = self.site.get();
        let site = outer.unwrap_or_else(|| self.site_of(aggregate));
        self.site.set(Some(site));
        let part = |part: &Option<Expr>| part.as_ref().map(|part| T::of(self, part));
        let code = AggregateCode {
            kind: aggregate.kind,
            site,
            nested: outer.is_some(),
            elements: self.elements(aggregate),
            condition: aggregate
                .condition
                .as_ref()
                .map(|condition| self.truth(condition)),
            value: part(&aggregate.value),
            if_none: part(&aggregate.if_none),
            rounds: aggregate
                .value
                .as_ref()
                .is_some_and(|value| self.quotients.rounds(value)),
            of_time: expr.ty == Ty::Duration,
            span: expr.span,
        };
        self.site.set(outer);
        code
    }

    /// An outermost aggregate is one however often its code stands in the program.
    fn site_of(&self, aggregate: &ir::Aggregate) -> u32 {
        let mut sites = self.sites.borrow_mut();
        let next = u32::try_from(sites.len()).unwrap_or(u32::MAX);
        *sites.entry(std::ptr::from_ref(aggregate)).or_insert(next)
    }

    fn elements(&self, aggregate: &ir::Aggregate) -> ElementsCode {
        match &aggregate.over {
            Over::Series { inputs, each } => {
                let parts = [&aggregate.condition, &aggregate.value];
                let mut read = false;
                for part in parts.into_iter().flatten() {
                    part.each_value(&mut |value| read |= value == Value::Local(*each));
                }
                let slot = self.locals[*each];
                let first = inputs.first().map(|input| self.inputs_kind(*input));
                ElementsCode::Series {
                    inputs: inputs.iter().map(|input| self.inputs[*input]).collect(),
                    each: first.filter(|_| read).map(|kind| (slot, kind)),
                }
            }
            Over::Rows { table, fields } => ElementsCode::Rows {
                table: *table,
                fields: fields
                    .iter()
                    .map(|(output, local)| RowField {
                        output: *output,
                        list: self.value_slot(Value::Table(*table, *output)),
                        slot: self.locals[*local],
                    })
                    .collect(),
            },
            Over::Labels {
                labels,
                label,
                probability,
            } => ElementsCode::Labels {
                answers: self.answers_of(*labels),
                label: label.map(|local| self.locals[local]),
                probability: probability.map(|local| self.locals[local]),
            },
            Over::List {
                list,
                elements,
                fields,
                inner,
            } => ElementsCode::List {
                list: *list,
                range: match elements {
                    Some(local) => self.locals[*local],
                    None => self.lists[*list],
                },
                fields: fields
                    .iter()
                    .map(|(field, local)| (*field, self.locals[*local]))
                    .collect(),
                inner: inner
                    .iter()
                    .map(|(list, local)| (*list, self.locals[*local]))
                    .collect(),
            },
        }
    }
}
