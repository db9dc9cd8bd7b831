//! What is made of the elements of lists and series.

use super::Writer;
use super::kind::Kind;
use super::schema::{Elements, Named};

/// What an aggregate looks at
struct Looked {
    path: String,
    /// The field that the path ends with; `None` for whole records
    field: Option<Named>,
    elements: Elements,
}

impl Writer<'_, '_> {
    /// A number made of elements; other forms where none has the kind.
    pub(super) fn aggregate(&mut self, kind: Kind, depth: usize) -> String {
        if kind == Kind::Whole && self.choose.percent(40) {
            let Some(looked) = self.looked_at(None) else {
                return self.named(kind, depth);
            };
            let condition = self.element_condition(&looked, depth);
            return match condition {
                Some(condition) => format!("(count of {} where ({condition}))", looked.path),
                None => format!("(count of {})", looked.path),
            };
        }
        let Some(looked) = self.looked_at(Some(kind)) else {
            return self.named(kind, depth);
        };
        let Some(field) = looked.field.clone() else {
            return self.named(kind, depth);
        };
        let average = !matches!(kind, Kind::Whole);
        let word = match self.choose.below(6) {
            0 if average => "average",
            1 => "min",
            2 => "max",
            3 => "first",
            _ => "sum",
        };
        let condition = self.element_condition(&looked, depth);
        let condition = if field.optional {
            let present = format!("{} is present", field.name);
            Some(match condition {
                Some(condition) => format!("{present} and ({condition})"),
                None => present,
            })
        } else {
            condition
        };
        let mut text = format!("{word} of ");
        let computed = looked.elements.series.is_none() && self.choose.percent(25);
        if computed {
            let by = self.choose.between(2, 9);
            let list = looked
                .path
                .strip_suffix(&format!(".{}", field.name))
                .unwrap_or(&looked.path);
            text.push_str(&format!("({} * {by}) over {list}", field.name));
        } else {
            text.push_str(&looked.path);
        }
        if let Some(condition) = &condition {
            text.push_str(&format!(" where ({condition})"));
        }
        let has_one = looked.elements.has_one && condition.is_none();
        if word != "sum" && !has_one {
            text.push_str(&format!(" if none {}", self.literal_of_none(kind)));
        }
        format!("({text})")
    }

    fn literal_of_none(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Percent => format!("{}%", self.choose.between(0, 9)),
            _ => self.choose.between(0, 9).to_string(),
        }
    }

    /// A condition over all elements or one of them.
    pub(super) fn quantified(&mut self, depth: usize) -> String {
        let word = self.choose.word(&["any", "every"]);
        if self.choose.percent(40) {
            let kind = self.number_kind();
            if let Some(looked) = self.looked_at(Some(kind))
                && looked.field.as_ref().is_some_and(|field| !field.optional)
            {
                return match self.choose.below(3) {
                    0 => format!("{word} {} is {}", looked.path, self.literal(kind)),
                    1 => format!("{word} {} in {}", looked.path, self.range(kind)),
                    _ => format!("{word} {} > {}", looked.path, self.literal(kind)),
                };
            }
        }
        let Some(looked) = self.looked_at(None) else {
            return self.operand(Kind::Truth, 0);
        };
        match self.element_condition(&looked, depth) {
            Some(condition) => format!("{word} of {} where ({condition})", looked.path),
            None => format!("count of {} > 1", looked.path),
        }
    }

    fn number_kind(&mut self) -> Kind {
        let kinds = [Kind::Whole, Kind::Money, Kind::Plain, Kind::Percent];
        self.choose.one(&kinds).copied().unwrap_or(Kind::Whole)
    }

    /// A list or series, or a field of it of a kind.
    fn looked_at(&mut self, kind: Option<Kind>) -> Option<Looked> {
        let mut found = Vec::new();
        for elements in &self.scope.elements {
            let plain = elements.fields.first().filter(|field| field.name == "each");
            match kind {
                None => found.push((elements.clone(), plain.cloned())),
                Some(kind) => {
                    let fields = elements.fields.iter().filter(|field| field.kind == kind);
                    found.extend(fields.map(|field| (elements.clone(), Some(field.clone()))));
                }
            }
        }
        let (elements, field) = self.choose.one(&found)?.clone();
        let mut path = elements.name.clone();
        if let (Some(field), Some(_)) = (&field, kind)
            && field.name != "each"
        {
            path = format!("{path}.{}", field.name);
        }
        if let Some((first, last)) = elements.series
            && self.choose.percent(40)
        {
            let from = first + self.choose.below(last - first + 1);
            let to = from + self.choose.below(last - from + 1);
            path = format!("{path}[{from} to {to}]");
        }
        Some(Looked {
            path,
            field,
            elements,
        })
    }

    /// A condition over an element's fields; sometimes none.
    fn element_condition(&mut self, looked: &Looked, depth: usize) -> Option<String> {
        if self.choose.percent(25) || self.nested > 1 {
            return None;
        }
        let outer = self.scope.clone();
        self.nested += 1;
        // The element's names come before all others of the same name.
        let mut fields = looked.elements.fields.clone();
        fields.extend(looked.elements.beside.iter().cloned());
        self.scope
            .values
            .retain(|value| fields.iter().all(|field| field.name != value.name));
        let mut values = fields;
        if self.choose.percent(60) {
            values.append(&mut self.scope.values);
        } else {
            // The element's own are named more often.
            let others = self.scope.values.split_off(self.scope.values.len() / 2);
            values.extend(others);
        }
        self.scope.values = values;
        self.scope
            .elements
            .extend(looked.elements.inner.iter().cloned());
        let condition = self.condition(depth.min(1));
        self.nested -= 1;
        self.scope = outer;
        Some(condition)
    }
}
