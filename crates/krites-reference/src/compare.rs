//! Both interpreters on one case.

use std::fmt;
use std::sync::Arc;

use krites_lang::ir::Policy;
use krites_lang::{Data, Frame, KeyTable, Program};

use crate::{Case, Files, Reference, Verdict, compiled};

/// Both interpreters of one policy
pub struct Both<'p> {
    program: &'p Program,
    reference: Reference<'p>,
    data: Data,
    /// The policies that it asks
    asked: Vec<Asks<'p>>,
    /// Used for one case after the other, as an engine does
    frame: Frame,
    /// Whether models answer the next case later
    later: bool,
}

/// A policy that is asked, with those that it asks in turn; it has no models and names
/// no files
#[derive(Clone, Debug)]
pub struct Asks<'p> {
    /// The policy
    pub program: &'p Program,
    /// Those that it asks, in the order in which it declares them
    pub asked: Vec<Asks<'p>>,
}

impl<'p> Asks<'p> {
    /// Makes the interpreter of the policy.
    #[must_use]
    pub fn reference(&self) -> Reference<'p> {
        let asked = self.asked.iter().map(Asks::reference);
        Reference::new(self.program.policy()).asking(asked.collect())
    }
}

/// A case that the two decide differently
#[derive(Clone, Debug)]
pub struct Difference {
    /// The case, in the policy's names
    pub case: String,
    /// What the reference says
    pub reference: Box<Verdict>,
    /// What the compiled policy says
    pub compiled: Box<Verdict>,
}

/// Decides a case both ways.
///
/// # Errors
///
/// [`Difference`] where they differ, or where the reference could not interpret
/// the policy.
pub fn compare(policy: &Policy, case: &Case) -> Result<Verdict, Difference> {
    let program = Program::compile(policy.clone());
    Both::new(&program).compare(case)
}

impl<'p> Both<'p> {
    /// Makes both interpreters of a compiled policy that names no files.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self::with_files(program, &Files::new())
    }

    /// Makes both interpreters of a compiled policy with the files that it names. One
    /// that is not there, or is wrong, is a fault of both.
    #[must_use]
    pub fn with_files(program: &'p Program, files: &Files) -> Self {
        let data = Data::of(program.policy(), |declared| {
            let text = files.get(&*declared.path)?;
            KeyTable::load(declared, text.as_bytes()).ok().map(Arc::new)
        });
        Self {
            program,
            reference: Reference::with_files(program.policy(), files),
            data,
            asked: Vec::new(),
            frame: program.frame(),
            later: false,
        }
    }

    /// Adds the policies that it asks, in the order in which it declares them.
    #[must_use]
    pub fn asking(mut self, asked: Vec<Asks<'p>>) -> Self {
        let references = asked.iter().map(Asks::reference);
        self.reference = self.reference.asking(references.collect());
        self.asked = asked;
        self
    }

    /// How many parts of expressions the reference has computed so far, over all cases.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.reference.computed.get()
    }

    /// Decides a case both ways; of every other case the compiled policy puts the calls of
    /// models off and goes on from their answers.
    ///
    /// # Errors
    ///
    /// As [`compare`].
    pub fn compare(&mut self, case: &Case) -> Result<Verdict, Difference> {
        let reference = self.reference.decide(case);
        let compiled = compiled::decide(
            self.program,
            (&self.data, &self.asked),
            &mut self.frame,
            (case, self.later),
        );
        self.later = !self.later;
        if reference == compiled && !reference.is_broken() {
            return Ok(reference);
        }
        Err(Difference {
            case: case.shown(self.program.policy()),
            reference: Box::new(reference),
            compiled: Box::new(compiled),
        })
    }
}

impl Difference {
    /// Returns the lines that one of the two has and the other has not.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (reference, compiled) = (self.reference.to_string(), self.compiled.to_string());
        let lacks = |text: &str, line: &str| !text.lines().any(|other| other == line);
        let ours = reference.lines().filter(|line| lacks(&compiled, line));
        let theirs = compiled.lines().filter(|line| lacks(&reference, line));
        ours.map(|line| format!("- {line}"))
            .chain(theirs.map(|line| format!("+ {line}")))
            .collect()
    }

    /// Writes the difference under the text of the policy.
    #[must_use]
    pub fn with_text(&self, text: &str) -> String {
        format!("{text}\n{self}")
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "--- case\n{}", self.case)?;
        writeln!(f, "--- reference\n{}", self.reference)?;
        writeln!(f, "--- compiled\n{}", self.compiled)?;
        write!(
            f,
            "--- difference (- reference, + compiled)\n{}",
            self.lines().join("\n")
        )
    }
}
