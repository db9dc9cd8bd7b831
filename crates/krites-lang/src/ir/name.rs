//! What a value is called.

use super::{Policy, Value};

impl Policy {
    /// Returns the name of a value, as the policy has it.
    pub(crate) fn name_of(&self, value: Value) -> &str {
        let found = match value {
            Value::Input(id) => Some(&self.inputs[id].name),
            Value::DecisionDate => return "decision_date",
            Value::Definition(id) => Some(&self.definitions[id].name),
            Value::Table(id, output) => {
                let output = self.tables[id].outputs.get(output as usize);
                output.map(|output| &output.name)
            }
            Value::Model(id, give) => {
                let give = self.models[id].gives.get(give as usize);
                give.map(|give| &give.name)
            }
            Value::Local(id) => Some(&self.locals[id].name),
            Value::Outcome => Some(&self.decide.name),
            Value::Decided(at) => {
                let value = self.decide.values.get(at as usize);
                value.map(|value| &value.name)
            }
        };
        found.map_or("", |name| name)
    }
}
