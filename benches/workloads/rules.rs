//! A set of rules of two conditions each over 30 fields, of which all that match count.
//!
//! By hand: for each field the rules that a value leaves open, as sets of bits, all of
//! which are brought together.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;

use krites::lang::RuleState;
use krites::{Decision, Facts, Release};
use serde::{Deserialize, Serialize};

use super::measure::Work;
use super::support::{CASES, Random};

const NUMBERS: usize = 18;
const TEXTS: usize = 8;
const FLAGS: usize = 4;
const WORDS: [&str; 6] = ["RED", "GREEN", "BLUE", "AMBER", "VIOLET", "WHITE"];

/// A thousand bits
const BLOCKS: usize = 16;

/// A rule over fields by their places
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// One number from a bound on, another one below a bound
    Numbers(usize, i64, usize, i64),
    /// A text, and a number above a bound
    Text(usize, &'static str, usize, i64),
    /// A flag, and a number below a bound
    Flag(usize, usize, i64),
}

macro_rules! fields {
    ($($number:ident)*; $($text:ident)*; $($flag:ident)*) => {
        #[derive(Clone, Debug, Deserialize, Facts, Serialize)]
        pub(crate) struct Typed<'a> {
            $($number: i64,)*
            $(#[serde(borrow)] $text: &'a str,)*
            $($flag: bool,)*
        }

        impl<'a> Typed<'a> {
            pub(crate) fn values(&self) -> Values<'a> {
                Values {
                    numbers: [$(self.$number),*],
                    texts: [$(self.$text),*],
                    flags: [$(self.$flag),*],
                }
            }

            pub(crate) fn at_random(random: &mut Random) -> Typed<'static> {
                Typed {
                    $($number: random.whole(0, 100),)*
                    $($text: random.one_of(&WORDS),)*
                    $($flag: random.whole(0, 2) == 1,)*
                }
            }
        }
    };
}

fields! {
    num_0 num_1 num_2 num_3 num_4 num_5 num_6 num_7 num_8 num_9 num_10 num_11 num_12 num_13 num_14
    num_15 num_16 num_17;
    str_0 str_1 str_2 str_3 str_4 str_5 str_6 str_7;
    flag_0 flag_1 flag_2 flag_3
}

/// The fields by their places
pub(crate) struct Values<'a> {
    numbers: [i64; NUMBERS],
    texts: [&'a str; TEXTS],
    flags: [bool; FLAGS],
}

pub(crate) fn measure(n_rules: usize, rounds: usize) {
    let rules = rules(n_rules);
    let mut random = Random(7);
    let cases: Vec<Typed<'_>> = (0..CASES).map(|_| Typed::at_random(&mut random)).collect();
    let index = Index::new(&rules);
    let builder = Release::builder().policy("alerts.krites", policy(&rules));
    let name = format!("{n_rules} rules over 30 fields, all that match");
    let mut work = Work::new(name, builder, "alerts", &cases);
    let told = |decision: &Decision<'_>| fired(decision, n_rules);
    work.check(|case| scan(&rules, &case.values()), told);
    work.check(|case| index.collected(&case.values()), told);
    let mut found = Vec::new();
    let mut found_in_json = Vec::new();
    work.measure(
        rounds,
        |decision| decision.outcome().len(),
        |case| {
            index.collect(&case.values(), &mut found);
            black_box(&found);
        },
        |json| {
            let case: Typed<'_> = serde_json::from_str(json).unwrap();
            index.collect(&case.values(), &mut found_in_json);
            black_box(&found_in_json);
        },
    );
}

/// The places of the rules that fired, but for the one for the rest, which comes last
pub(crate) fn fired(decision: &Decision<'_>, n_rules: usize) -> Vec<u32> {
    let states = (0..).zip(decision.rules().take(n_rules));
    let fired = states.filter(|(_, (_, state))| *state == RuleState::Fired);
    fired.map(|(place, _)| place).collect()
}

pub(crate) fn rules(n_rules: usize) -> Vec<Rule> {
    let mut random = Random(6);
    let place = |random: &mut Random, of: usize| random.whole(0, of as i64) as usize;
    (0..n_rules)
        .map(|_| match random.whole(0, 10) {
            0..=4 => {
                let one = place(&mut random, NUMBERS);
                let other = (one + 1 + place(&mut random, NUMBERS - 1)) % NUMBERS;
                Rule::Numbers(one, random.whole(60, 100), other, random.whole(5, 50))
            }
            5..=7 => {
                let text = place(&mut random, TEXTS);
                let word = random.one_of(&WORDS);
                let number = place(&mut random, NUMBERS);
                Rule::Text(text, word, number, random.whole(40, 95))
            }
            _ => {
                let flag = place(&mut random, FLAGS);
                let number = place(&mut random, NUMBERS);
                Rule::Flag(flag, number, random.whole(5, 40))
            }
        })
        .collect()
}

pub(crate) fn policy(rules: &[Rule]) -> String {
    let mut text = String::from(
        "policy alerts { version \"1\"; on fault refer because FAULT }\n\
         reason FAULT \"The case could not be computed\"\n\
         reason ALERT \"A rule matched\"\n\
         enum Outcome { quiet < alert < refer }\n\
         input {\n",
    );
    for at in 0..NUMBERS {
        writeln!(text, "    num_{at} : integer in 0 to 1_000").unwrap();
    }
    for at in 0..TEXTS {
        writeln!(text, "    str_{at} : text").unwrap();
    }
    for at in 0..FLAGS {
        writeln!(text, "    flag_{at} : boolean").unwrap();
    }
    text += "}\nrules alerts all {\n";
    for (at, rule) in rules.iter().enumerate() {
        let when = match rule {
            Rule::Numbers(i, a, j, b) => format!("num_{i} >= {a} and num_{j} < {b}"),
            Rule::Text(i, word, j, a) => format!("str_{i} is \"{word}\" and num_{j} > {a}"),
            Rule::Flag(i, j, a) => format!("flag_{i} and num_{j} < {a}"),
        };
        writeln!(text, "    rule r{at} when {when} then alert because ALERT").unwrap();
    }
    text += "}\ndecide outcome : Outcome most severe {\n    evaluate alerts\n    \
             rule rest otherwise then quiet\n}\n";
    text
}

impl Rule {
    fn matches(&self, values: &Values<'_>) -> bool {
        let numbers = &values.numbers;
        match *self {
            Rule::Numbers(i, a, j, b) => numbers[i] >= a && numbers[j] < b,
            Rule::Text(i, word, j, a) => values.texts[i] == word && numbers[j] > a,
            Rule::Flag(i, j, a) => values.flags[i] && numbers[j] < a,
        }
    }
}

/// Rule by rule, which everything else is held against
pub(crate) fn scan(rules: &[Rule], values: &Values<'_>) -> Vec<u32> {
    let matching = (0..).zip(rules).filter(|(_, rule)| rule.matches(values));
    matching.map(|(place, _)| place).collect()
}

type Bits = [u64; BLOCKS];

/// The rules by hand
pub(crate) struct Index {
    numbers: Vec<(Vec<i64>, Vec<Bits>)>,
    texts: Vec<(HashMap<&'static str, Bits>, Bits)>,
    flags: Vec<[Bits; 2]>,
}

fn clear(bits: &mut Bits, place: usize) {
    bits[place / 64] &= !(1 << (place % 64));
}

impl Index {
    pub(crate) fn new(rules: &[Rule]) -> Self {
        assert!(rules.len() <= 64 * BLOCKS);
        let mut all = [0; BLOCKS];
        for place in 0..rules.len() {
            all[place / 64] |= 1 << (place % 64);
        }
        let mut ranges = vec![Vec::new(); NUMBERS];
        let mut words = vec![Vec::new(); TEXTS];
        let mut flags = vec![[all; 2]; FLAGS];
        for (place, rule) in rules.iter().enumerate() {
            match *rule {
                Rule::Numbers(i, a, j, b) => {
                    ranges[i].push((place, a, i64::MAX));
                    ranges[j].push((place, i64::MIN, b));
                }
                Rule::Text(i, word, j, a) => {
                    words[i].push((place, word));
                    ranges[j].push((place, a + 1, i64::MAX));
                }
                Rule::Flag(i, j, a) => {
                    clear(&mut flags[i][0], place);
                    ranges[j].push((place, i64::MIN, a));
                }
            }
        }
        let numbers = ranges.iter().map(|ranges| {
            let ends = ranges.iter().flat_map(|range| [range.1, range.2]);
            let mut bounds: Vec<i64> = ends
                .filter(|bound| ![i64::MIN, i64::MAX].contains(bound))
                .collect();
            bounds.sort_unstable();
            bounds.dedup();
            let open = (0..=bounds.len()).map(|at| {
                let value = at.checked_sub(1).map_or(i64::MIN, |at| bounds[at]);
                let mut open = all;
                for &(place, low, high) in ranges {
                    if !(low <= value && value < high) {
                        clear(&mut open, place);
                    }
                }
                open
            });
            let open = open.collect();
            (bounds, open)
        });
        let texts = words.iter().map(|words| {
            let open = |word: Option<&str>| {
                let mut open = all;
                for &(place, needed) in words {
                    if Some(needed) != word {
                        clear(&mut open, place);
                    }
                }
                open
            };
            let by_word = WORDS.iter().map(|&word| (word, open(Some(word))));
            (by_word.collect(), open(None))
        });
        Self {
            numbers: numbers.collect(),
            texts: texts.collect(),
            flags,
        }
    }

    fn collected(&self, values: &Values<'_>) -> Vec<u32> {
        let mut found = Vec::new();
        self.collect(values, &mut found);
        found
    }

    #[inline(never)]
    pub(crate) fn collect(&self, values: &Values<'_>, found: &mut Vec<u32>) {
        let mut open: Bits = [u64::MAX; BLOCKS];
        let mut keep = |bits: &Bits| {
            for (open, bits) in open.iter_mut().zip(bits) {
                *open &= bits;
            }
        };
        for ((bounds, by_bound), value) in self.numbers.iter().zip(&values.numbers) {
            keep(&by_bound[bounds.partition_point(|bound| bound <= value)]);
        }
        for ((by_word, none), word) in self.texts.iter().zip(&values.texts) {
            keep(by_word.get(word).unwrap_or(none));
        }
        for (by_flag, flag) in self.flags.iter().zip(&values.flags) {
            keep(&by_flag[usize::from(*flag)]);
        }
        found.clear();
        for (block, bits) in open.into_iter().enumerate() {
            let mut left = bits;
            while left != 0 {
                found.push(block as u32 * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }
}
