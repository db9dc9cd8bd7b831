//! Money of a currency that an input names, case by case.

use std::collections::HashSet;
use std::sync::Arc;

use super::list::Member;
use super::names::Meaning;
use super::record::Holds;
use super::{Checker, codes};
use crate::ast::{self, TypeExpr, TypeKind};
use crate::ids::{InputId, ListId};
use crate::ir::{self, Literal, Value};
use crate::types::{Currency, DeclaredTy, Ty};
use crate::{Diagnostic, Help, Id as _, Span};

/// Inputs whose currency an input names that may be declared behind them
pub(super) struct Awaiting<'a> {
    field: &'a ast::InputField,
    /// Full name
    name: Arc<str>,
    waits: Waits,
}

/// What waits for its currency
enum Waits {
    /// Inputs, within a record with its full name
    Inputs(Vec<InputId>, Option<String>),
    /// A field of a list's elements, by position
    Field(ListId, usize),
}

impl<'a> Checker<'a> {
    /// Remembers inputs of a currency that the case names, until it is known by which
    /// input.
    pub(super) fn await_currency(
        &mut self,
        field: &'a ast::InputField,
        meaning: Meaning,
        around: Option<&str>,
    ) {
        let inputs = match meaning {
            Meaning::Value(Value::Input(id)) => vec![id],
            Meaning::Series(position) => {
                let head = self.series.get(position);
                head.map_or(Vec::new(), |head| head.inputs.clone())
            }
            _ => return,
        };
        let own = &field.path.text;
        self.awaiting.push(Awaiting {
            field,
            name: match around {
                Some(around) => format!("{around}.{own}").into(),
                None => own.as_str().into(),
            },
            waits: Waits::Inputs(inputs, around.map(str::to_owned)),
        });
    }

    /// The same for a field of a list's elements, by its name within them.
    pub(super) fn await_field_currency(
        &mut self,
        field: &'a ast::InputField,
        name: &str,
        list: ListId,
        position: usize,
    ) {
        self.awaiting.push(Awaiting {
            field,
            name: name.into(),
            waits: Waits::Field(list, position),
        });
    }

    /// Types the inputs that waited for the input that names their currency.
    pub(super) fn settle_currencies(&mut self) {
        // A record's field is reported once, however many inputs stand for it.
        let mut reported: HashSet<Span> = HashSet::new();
        for Awaiting { field, name, waits } in std::mem::take(&mut self.awaiting) {
            let before = self.diagnostics.len();
            let found = match &waits {
                Waits::Inputs(_, around) => self.money_of_case(field, around.as_deref()),
                Waits::Field(list, _) => self.money_of_elements(field, *list),
            };
            if !reported.insert(field.span) {
                self.diagnostics.truncate(before);
            }
            match waits {
                Waits::Inputs(inputs, _) => self.settle_inputs(field, &name, inputs, found),
                Waits::Field(list, position) => {
                    self.settle_field(field, &name, list, position, found);
                }
            }
        }
        self.currencies_of_unused_records(&reported);
    }

    /// Fields of records that no input has: their currencies exist at least.
    fn currencies_of_unused_records(&mut self, settled: &HashSet<Span>) {
        for record in 0..self.records.len() {
            let fields = self.fields_of(record);
            for (field, _) in fields.iter() {
                let written = element_type(field);
                let TypeKind::Money { currency, .. } = &written.kind else {
                    continue;
                };
                if !names_currency(written) || settled.contains(&field.span) {
                    continue;
                }
                let head = currency.text.split('.').next();
                let of_record = |(field, _): &(&ast::InputField, Holds)| {
                    field.path.text == currency.text || Some(field.path.text.as_str()) == head
                };
                let seen = currency.span.source == self.names.source;
                if !(fields.iter().any(of_record)
                    || seen && self.names.get(&currency.text).is_some())
                {
                    self.unknown_currency(currency);
                }
            }
        }
    }

    fn settle_inputs(
        &mut self,
        field: &ast::InputField,
        name: &str,
        inputs: Vec<InputId>,
        found: Option<ir::Input>,
    ) {
        let Some(found) = found else {
            self.names.lose(name);
            self.unsettled.extend(inputs);
            return;
        };
        for id in inputs {
            if field.range.is_some() && found.range.is_none() {
                self.unranged.push(id);
            }
            settle(&mut self.inputs[id], &found);
        }
    }

    fn settle_field(
        &mut self,
        field: &ast::InputField,
        name: &str,
        list: ListId,
        position: usize,
        found: Option<ir::Input>,
    ) {
        let Some(head) = self.list_heads.get_mut(list.position()) else {
            return;
        };
        let Some(found) = found else {
            match head.names.get_mut(name) {
                Some((member, _)) => *member = Member::Broken,
                // Plain values have no name but the list's.
                None => self.names.lose(&self.lists[list].name.clone()),
            }
            return;
        };
        if field.range.is_some() && found.range.is_none() {
            head.unranged.push(position);
        }
        if let Some(input) = self.lists[list].fields.get_mut(position) {
            settle(input, &found);
        }
    }

    /// What is declared of a field of a list's elements, all in one currency.
    fn money_of_elements(&mut self, field: &ast::InputField, list: ListId) -> Option<ir::Input> {
        let written = element_type(field);
        let TypeKind::Money { currency, .. } = &written.kind else {
            return None;
        };
        let head = self.list_heads.get(list.position())?;
        if let Some((_, declared)) = head.names.get(&currency.text) {
            let declared = *declared;
            self.report(
                Diagnostic::error(
                    codes::CASE_CURRENCY,
                    format!("`{}` cannot name a currency within a list", currency.text),
                    currency.span,
                )
                .label("each element has its own")
                .evidence(declared, "declared here")
                .help("all elements are in one currency: name the input that has it"),
            );
            return None;
        }
        let input = self.case_currency(currency, None)?;
        Some(self.declared(field, money_of(input, written)))
    }

    /// What is declared of a field of money in a currency of the case; `around` is the
    /// full name of the record that it lies in.
    fn money_of_case(
        &mut self,
        field: &ast::InputField,
        around: Option<&str>,
    ) -> Option<ir::Input> {
        let TypeKind::Money { currency, .. } = &field.ty.kind else {
            return None;
        };
        let input = self.case_currency(currency, around)?;
        Some(self.declared(field, money_of(input, &field.ty)))
    }

    /// The input that names a currency: within a record one of its fields, else one of
    /// the policy's inputs.
    pub(super) fn case_currency(
        &mut self,
        named: &ast::Path,
        around: Option<&str>,
    ) -> Option<InputId> {
        let within = around.map(|around| format!("{around}.{}", named.text));
        // A record of another file sees no inputs but its own fields; the cells of a
        // schema are the policy's own.
        let seen = !self.away.contains_key(&named.span.source);
        let found = within
            .and_then(|within| self.names.get(&within))
            .or_else(|| self.names.get(&named.text).filter(|_| seen));
        let (meaning, declared) = match found {
            Some((Meaning::Broken, _)) => return None,
            Some(found) => found,
            None => {
                self.unknown_currency(named);
                return None;
            }
        };
        let problem = match meaning {
            Meaning::Value(Value::Input(id)) => {
                let input = &self.inputs[id];
                let written = match input {
                    _ if input.ty.ty != Ty::Text => Some("another type than `text`"),
                    _ if input.ty.optional => Some("a `?`, so that it may be missing"),
                    ir::Input {
                        default: Some(_), ..
                    } => Some("a default, which no case has said"),
                    ir::Input { private: true, .. } => {
                        Some("`private`, and a currency stands beside its amounts")
                    }
                    _ => None,
                };
                match written {
                    None => {
                        self.currencies.insert(id);
                        return Some(id);
                    }
                    Some(written) => format!("declared with {written}"),
                }
            }
            meaning => format!("this is {}", Self::kind_words(meaning)),
        };
        self.report(
            Diagnostic::error(
                codes::CASE_CURRENCY,
                format!("`{}` cannot name a currency", named.text),
                named.span,
            )
            .label("an input that is a bare `text` can")
            .evidence(declared, problem)
            .help(format!("declare it as `{} : text`", named.text)),
        );
        None
    }

    fn unknown_currency(&mut self, named: &ast::Path) {
        // What could not be read may have declared it.
        if self.names.unread {
            return;
        }
        let help = self.currency_help(&named.text);
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_CURRENCY,
                format!("`{}` is not a currency", named.text),
                named.span,
            )
            .help(help),
        );
    }

    fn currency_help(&self, written: &str) -> Help {
        let capitals = written.to_ascii_uppercase();
        if let Some(currency) = Currency::parse(&capitals).or_else(|| called(&capitals)) {
            let code = currency.code();
            return Help::certain(format!("write `money({code})`"), code);
        }
        let known: Vec<Currency> = Currency::all().collect();
        if let Some(close) = self.close(&capitals, known.iter().map(Currency::code)) {
            return format!("did you mean `money({})`?", close.name).into();
        }
        let inputs = self.inputs.iter().filter(|input| input.ty.ty == Ty::Text);
        match self.close(written, inputs.map(|input| &*input.name)) {
            Some(close) => format!("did you mean `money({})`?", close.name).into(),
            None => "write its ISO 4217 code of three capitals, as in `money(EUR)`, or the input that has it in the case".into(),
        }
    }

    /// Reports a text that a test gives for a currency and that is none.
    pub(super) fn check_currency(&mut self, id: InputId, value: &Literal, span: Span) {
        let Literal::Text(code) = value else {
            return;
        };
        if !self.currencies.contains(&id) || Currency::parse(code).is_some() {
            return;
        }
        let name = self.inputs[id].name.clone();
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_CURRENCY,
                format!("`{code}` is not a currency"),
                span,
            )
            .label(format!("`{name}` names the currency of amounts"))
            .help("give its ISO 4217 code of three capitals, as in `\"EUR\"`"),
        );
    }
}

/// Finds a currency by what people call it.
fn called(name: &str) -> Option<Currency> {
    Currency::parse(match name {
        "UKP" | "STG" | "POUND" | "POUNDS" | "STERLING" => "GBP",
        "EURO" | "EUROS" => "EUR",
        "FRANKEN" | "SFR" => "CHF",
        "YEN" => "JPY",
        _ => return None,
    })
}

/// Gives an input what was found of its values.
fn settle(input: &mut ir::Input, found: &ir::Input) {
    input.ty = found.ty;
    input.range.clone_from(&found.range);
    input.missing_when.clone_from(&found.missing_when);
    input.default.clone_from(&found.default);
}

/// The type of a value, or of each element where it is a list.
fn element_type(field: &ast::InputField) -> &TypeExpr {
    match &field.ty.kind {
        TypeKind::List(element) => element,
        _ => &field.ty,
    }
}

/// Tells whether a type is money in a currency that an input may name.
pub(super) fn names_currency(ty: &TypeExpr) -> bool {
    match &ty.kind {
        TypeKind::Money { currency, .. } => Currency::parse(&currency.text).is_none(),
        _ => false,
    }
}

/// The declared type of money in the currency that an input names.
pub(super) fn money_of(input: InputId, written: &TypeExpr) -> DeclaredTy {
    let unrounded = matches!(
        written.kind,
        TypeKind::Money {
            unrounded: true,
            ..
        }
    );
    DeclaredTy {
        ty: Ty::MoneyOf(input),
        optional: written.optional,
        places: None,
        minor_unit: !unrounded,
    }
}
