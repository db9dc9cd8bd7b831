//! The examples of `docs/language.md`, each as the policy that it stands for.
//!
//! The info string of a block tells what it stands for:
//!
//! - `krites`: a whole policy; `krites prelude`: the items the others stand in;
//! - `krites fragment`: items; with `define` or `when` behind it, lines of
//!   `define { … }` or conditions, one a line;
//!   A line `name = …  # gives 3` has this value in the prelude's example `usual`;
//! - `krites module common/reasons.krites`: a file that policies use;
//! - `krites file queues.csv`: a file of data that they name;
//! - `krites policy affordability`: a policy that they ask;
//! - `krites reject K0310`: a fragment that gives exactly this diagnostic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "helpers of tests, each used by some of them"
)]

const PAGE: &str = include_str!("../../../../docs/language.md");

/// The models that the page speaks of
pub(crate) const MODELS: &str = "\
# model models/default_risk.onnx: age float, income float -> probabilities float[2] classes 0,1, label integer with background with card owner, purpose, auc 0.71
# model models/income_risk.onnx: age float, income float, job text -> probabilities float[2] classes 0,1 with card owner, age in 18 to 75, income in 0 to 9000, job in clerk/smith
# model models/unfit_card.onnx: age float -> probabilities float[2] classes 0,1 with card owner, age in young/old
# model models/churn.onnx: input float[3] -> score float
# model models/attrition.onnx: features float[3] columns income,age,job -> score float
# model models/topic.onnx: text text -> probabilities float[4] classes card_lost,cash-withdrawal,other,transfer
# model models/topic_small.onnx: text text -> scores float[4]
# model models/propensity.onnx: margin float, age float -> p float
";

/// One block: the line it begins on, its info string and its text
pub(crate) struct Block {
    pub(crate) line: usize,
    pub(crate) info: String,
    pub(crate) text: String,
}

pub(crate) fn blocks() -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, text) in (1..).zip(PAGE.lines()) {
        match text.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                let (info, text) = (info.to_owned(), String::new());
                all.push(Block { line, info, text });
            }
            None if open => {
                let block = all.last_mut().unwrap();
                block.text.push_str(text);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "the last block is not closed");
    all
}

/// Cuts the prelude into items, each with its first word.
pub(crate) fn prelude(blocks: &[Block]) -> Vec<(String, String)> {
    let block = blocks
        .iter()
        .find(|block| block.info == "krites prelude")
        .unwrap();
    let mut items: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        let begins = line.starts_with(|sign: char| sign.is_ascii_lowercase());
        if begins {
            let word = line.split(' ').next().unwrap().to_owned();
            items.push((word, String::new()));
        }
        let (_, text) = items.last_mut().unwrap();
        text.push_str(line);
        text.push('\n');
    }
    items
}

/// The page's files of names and of data, each behind a line that tells its path.
pub(crate) fn modules(blocks: &[Block]) -> String {
    let file = |block: &Block| {
        let kind = block.info.strip_prefix("krites ")?;
        let is_file = ["module ", "file ", "policy "]
            .iter()
            .any(|file| kind.starts_with(file));
        is_file.then(|| format!("# {kind}\n{}", block.text))
    };
    blocks.iter().filter_map(file).collect()
}

/// Puts a fragment into the prelude, whose header, decision and reasons give way
/// to the fragment's own.
pub(crate) fn completed(
    prelude: &[(String, String)],
    fragment: &str,
    kind: Option<&str>,
) -> String {
    let fragment = match kind {
        Some("define") => format!("define {{\n{fragment}}}\n"),
        Some("when") => {
            let rules: String = (1..)
                .zip(fragment.lines())
                .map(|(number, line)| format!("rule r{number} when {line} then refer\n"))
                .collect();
            format!("rules fragment all {{\n{rules}}}\n")
        }
        _ => fragment.to_owned(),
    };
    let own = |word: &str| fragment.lines().any(|line| line.starts_with(word));
    let mut text = MODELS.to_owned();
    for (word, item) in prelude {
        let replaced = match word.as_str() {
            "policy" | "decide" => own(word),
            "reason" => item
                .split(' ')
                .nth(1)
                .is_some_and(|code| own(&format!("reason {code} "))),
            _ => false,
        };
        if !replaced {
            let evaluated = item.replace(
                "{\n    rule rest",
                "{\n    evaluate fragment\n    rule rest",
            );
            text.push_str(if kind == Some("when") {
                &evaluated
            } else {
                item
            });
        }
    }
    text.push_str(&fragment);
    text.push_str(&expectations(&fragment));
    text
}

/// A test of each line that ends with `# gives …`, in the prelude's example.
fn expectations(fragment: &str) -> String {
    let mut tests = String::new();
    for line in fragment.lines() {
        if let Some((definition, value)) = line.split_once("# gives ") {
            let name = definition.trim().split([' ', ':']).next().unwrap();
            tests.push_str(&format!(
                "test \"{name}\" {{ given usual; expect {name} = {value} }}\n"
            ));
        }
    }
    tests
}
