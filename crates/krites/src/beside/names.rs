//! What the columns of a model's inputs and outputs are called in files beside it.

use std::collections::BTreeMap;

use krites_lang::did_you_mean;
use krites_model::{ClassLabels, ElementType, Signature};

/// What stands before the name of an output that a row expects
pub(crate) const EXPECT: &str = "expect ";

/// One column of an input or output
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// Position of the input or output
    pub(crate) port: usize,
    /// Column of it, counted from zero
    pub(crate) at: usize,
    pub(crate) element: ElementType,
    /// As files are written: `age`, `input[3]`
    pub(crate) name: String,
}

/// A whole matrix, as rows of JSON may give it under one name
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Whole {
    /// Its first column among all columns
    pub(crate) first: usize,
    pub(crate) width: usize,
}

/// The columns of all inputs, or of all outputs, in the model's order
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    all: Vec<Column>,
    /// Position among `all` by each name that a column has
    by_name: BTreeMap<String, usize>,
    wholes: BTreeMap<String, Whole>,
}

impl Columns {
    /// The columns of the inputs: `age`; of a matrix, the names that `named` has, else
    /// `input[1]` and so on.
    pub(crate) fn inputs(signature: &Signature, named: &[Vec<String>]) -> Self {
        let mut columns = Self::new();
        for (port, input) in signature.inputs.iter().enumerate() {
            let own = named.get(port).map_or(&[][..], Vec::as_slice);
            let label = |at: usize| own.get(at).cloned();
            columns.port(port, &input.name, (input.element, input.width), &label);
        }
        // A column goes by its name alone where nothing else has it.
        let mut short: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for (at, column) in columns.all.iter().enumerate() {
            let name = named.get(column.port).and_then(|own| own.get(column.at));
            if let Some(name) = name {
                let only = short.entry(name).or_insert(Some(at));
                *only = only.filter(|only| *only == at);
            }
        }
        for (name, at) in short {
            let free = !columns.by_name.contains_key(name);
            if let (Some(at), true) = (at, free) {
                columns.by_name.insert(name.to_owned(), at);
                if let Some(column) = columns.all.get_mut(at) {
                    name.clone_into(&mut column.name);
                }
            }
        }
        columns
    }

    /// The columns of the outputs: `expect probability`; of a matrix, with the class or,
    /// where the model names none, the position: `expect scores[good]`.
    pub(crate) fn outputs(signature: &Signature) -> Self {
        let mut columns = Self::new();
        for (port, output) in signature.outputs.iter().enumerate() {
            let classes: Vec<String> = match &output.classes {
                Some(ClassLabels::Integers(labels)) => {
                    labels.iter().map(ToString::to_string).collect()
                }
                Some(ClassLabels::Texts(labels)) => labels.clone(),
                None => Vec::new(),
            };
            let mut sorted = classes.clone();
            sorted.sort();
            sorted.dedup();
            let are_names = classes.len() == output.width && sorted.len() == classes.len();
            let label = |at: usize| classes.get(at).filter(|_| are_names).cloned();
            let name = format!("{EXPECT}{}", output.name);
            columns.port(port, &name, (output.element, output.width), &label);
        }
        columns
    }

    fn new() -> Self {
        Self {
            all: Vec::new(),
            by_name: BTreeMap::new(),
            wholes: BTreeMap::new(),
        }
    }

    fn port(
        &mut self,
        port: usize,
        name: &str,
        (element, width): (ElementType, usize),
        label: &dyn Fn(usize) -> Option<String>,
    ) {
        let first = self.all.len();
        for at in 0..width {
            let name = match (width, label(at)) {
                (1, _) => name.to_owned(),
                (_, Some(label)) => format!("{name}[{label}]"),
                (_, None) => format!("{name}[{}]", at + 1),
            };
            let position = self.all.len();
            self.by_name.entry(name.clone()).or_insert(position);
            self.all.push(Column {
                port,
                at,
                element,
                name,
            });
        }
        if width > 1 {
            let whole = Whole { first, width };
            self.wholes.entry(name.to_owned()).or_insert(whole);
        }
    }

    pub(crate) fn all(&self) -> &[Column] {
        &self.all
    }

    pub(crate) fn get(&self, position: usize) -> Option<&Column> {
        self.all.get(position)
    }

    /// The position among all columns of the one with this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The matrix of this name.
    pub(crate) fn whole(&self, name: &str) -> Option<Whole> {
        self.wholes.get(name).copied()
    }

    /// The name that may be meant.
    pub(crate) fn near(&self, name: &str) -> Option<String> {
        let names = self.by_name.keys().map(String::as_str);
        did_you_mean(name, names).map(str::to_owned)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all.iter().map(|column| column.name.clone()).collect()
    }
}
