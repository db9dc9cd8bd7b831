//! `krites explain-code`: what a code means.

use clap::Args;
use krites::lang::{Code, Explanation, Part, Snippet, explain, explanations};

use crate::Outcome;

/// Explains the code of a diagnostic, with an example
#[derive(Debug, Args)]
pub(crate) struct ExplainCode {
    /// The code, such as `K0401` or `401`; without it, all codes are listed
    code: Option<String>,
}

impl ExplainCode {
    pub(crate) fn run(self) -> Outcome {
        let Some(word) = self.code else {
            list();
            return Outcome::Fine;
        };
        let Some(code) = read(&word) else {
            complain!("error: `{word}` is no code");
            complain!("help: write it as in `krites explain-code K0401`");
            return Outcome::Failed;
        };
        match explain(code) {
            Some(page) => {
                tell(page);
                Outcome::Fine
            }
            None => {
                complain!("error: there is no code {code}");
                complain!("help: near it are {}", near(code).join(", "));
                Outcome::Failed
            }
        }
    }
}

/// Reads `K0401`, `k401` or `401`.
fn read(word: &str) -> Option<Code> {
    let word = word.trim();
    let digits = word.strip_prefix(['K', 'k']).unwrap_or(word);
    let plain = digits.chars().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| plain).map(Code)
}

/// How many codes are named on each side of one that there is not
const NEAR: usize = 2;

fn near(code: Code) -> Vec<String> {
    let (before, behind): (Vec<&Explanation>, Vec<&Explanation>) =
        explanations().iter().partition(|page| page.code < code);
    let before = before.iter().skip(before.len().saturating_sub(NEAR));
    let all = before.chain(behind.iter().take(NEAR));
    all.map(|page| page.code.to_string()).collect()
}

fn list() {
    let mut group = "";
    for page in explanations() {
        if page.code.group() != group {
            if !group.is_empty() {
                say!("");
            }
            group = page.code.group();
            say!("{group}");
        }
        say!("  {}  {}", page.code, page.title());
    }
}

fn tell(page: &Explanation) {
    say!("{}: {}", page.code, page.title());
    for part in page.parts() {
        say!("");
        match part {
            Part::Words(words) => say!("{words}"),
            Part::Wrong(snippet) => show("Wrong", snippet),
            Part::Right(snippet) => show("Right", snippet),
        }
    }
}

fn show(word: &str, snippet: Snippet) {
    say!("{word}:\n");
    for line in snippet.text.lines() {
        let line = format!("    {line}");
        say!("{}", line.trim_end());
    }
}
