//! Rarer forms of any kind: cases, locals, functions.

use crate::Exact;
use crate::program::{CallCode, Code, Extra, ParameterCode, Slot};

use super::aggregate::Folded;
use super::arena::TextRange;
use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};

/// An argument that was computed, on its way to its parameter
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    Whole(i64),
    Exact(Exact),
    Text(TextRange),
}

impl<A: Answers> Run<'_, '_, A> {
    /// Computes a value of a kind: `compute` its code, `result` out of a slot.
    pub(super) fn extra<'w, T, V: Folded>(
        &mut self,
        extra: &'w Extra<T>,
        compute: impl Fn(&mut Self, &'w T) -> Result<V, Stop>,
        result: impl Fn(&Self, Slot) -> V,
    ) -> Result<V, Stop> {
        match extra {
            Extra::Cases(arms, otherwise) => {
                for (condition, value) in arms {
                    if self.truth(condition)? {
                        return compute(self, value);
                    }
                }
                compute(self, otherwise)
            }
            Extra::Let(local, value) => {
                self.store(local.slot, &local.code, local.places)?;
                compute(self, value)
            }
            Extra::Aggregate(code) => self.aggregate(code, compute),
            Extra::Distribution(code) => self.distribution(code, result),
            Extra::Call(call) => {
                let slot = self.call(call)?;
                Ok(result(self, slot))
            }
            Extra::Lookup(code, if_none) => {
                if self.look_up(code, code.slot)? {
                    return Ok(result(self, code.slot));
                }
                match if_none {
                    Some(value) => compute(self, value),
                    None => Err(self.no_row_for_key(code)),
                }
            }
            Extra::InCurrency(currencies, amount) => {
                let amount = compute(self, amount)?;
                self.same_currency(currencies)?;
                Ok(amount)
            }
        }
    }

    /// Computes a function; returns the slot of its result. The slots of its
    /// parameters are free: a function never calls itself, and all arguments are
    /// computed before the first is set.
    fn call(&mut self, call: &CallCode) -> Result<Slot, Stop> {
        let program = self.program;
        let function = &program.functions[call.function];
        let base = self.frame.arguments.len();
        for argument in &call.arguments {
            match self.argument(argument) {
                Ok(value) => self.frame.arguments.push(value),
                Err(stop) => {
                    self.frame.arguments.truncate(base);
                    return Err(stop);
                }
            }
        }
        for (at, parameter) in function.parameters.iter().enumerate() {
            let Some(value) = self.frame.arguments.get(base + at).copied() else {
                break;
            };
            if !self.bind(parameter, value) {
                self.frame.arguments.truncate(base);
                let source = &program.policy.functions[call.function];
                let parameter = source.parameters.get(at);
                let kind = FaultKind::Argument {
                    function: source.name.clone(),
                    parameter: parameter.map_or_else(
                        || source.name.clone(),
                        |parameter| program.policy.locals[parameter.local].name.clone(),
                    ),
                };
                return Err(self.fault(kind, call.span));
            }
        }
        self.frame.arguments.truncate(base);
        for binding in &function.bindings {
            self.store(binding.slot, &binding.code, binding.places)?;
        }
        let value = &function.value;
        self.store(value.slot, &value.code, value.places)?;
        Ok(value.slot)
    }

    fn argument(&mut self, code: &Code) -> Result<Argument, Stop> {
        Ok(match code {
            Code::Truth(truth) => Argument::Whole(i64::from(self.truth(truth)?)),
            Code::Whole(whole) => Argument::Whole(self.whole(whole)?),
            Code::Exact(number) => Argument::Exact(self.number(number)?),
            Code::Text(words) => Argument::Text(self.kept_text(words)?),
            Code::Scaled(value) => Argument::Exact(self.number(&value.plain)?),
            Code::MinorUnit(amount) => self.argument(&amount.1)?,
            Code::Looked(code) => {
                self.look_up(code, code.slot)?;
                Argument::Whole(self.frame.whole(code.slot))
            }
            // An argument is never missing, nor is it the value of a definition.
            Code::Asked(_) | Code::Cascade(_) | Code::Points(_) => Argument::Whole(0),
            Code::Copy(slot, _) | Code::Stage(slot) => Argument::Whole(self.whole_slot(*slot)?),
        })
    }

    /// Sets a parameter; tells whether its argument lies in its range.
    fn bind(&mut self, parameter: &ParameterCode, value: Argument) -> bool {
        match value {
            Argument::Whole(value) => {
                let (low, high) = parameter.whole_range;
                self.frame.set_whole(parameter.slot, value);
                low <= value && value <= high
            }
            Argument::Exact(value) => {
                let value = self.rounded(value, parameter.places);
                self.frame.set_exact(parameter.slot, value);
                parameter
                    .exact_range
                    .as_ref()
                    .is_none_or(|range| range.contains(value))
            }
            Argument::Text(range) => {
                self.frame.set_text_range(parameter.slot, range);
                true
            }
        }
    }
}
