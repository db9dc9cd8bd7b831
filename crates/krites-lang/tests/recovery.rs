//! A text that is broken in several places is told of all of them, and of nothing else:
//! valid policies of the corpus, some of whose items lose or gain a token.
//!
//! `KRITES_RECOVERY=100000` tries so many texts, `KRITES_SEED` chooses others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use krites_lang::{Diagnostic, Place, SourceId, Sources, parse};
use support::{StubFiles, checked};

/// What is put in at random
const STRAY: [&str; 14] = [
    ")", "(", ",", "and", "then", "stray", "=", ":", "45", "is", "%", "\"text\"", "->", "not",
];

/// splitmix64: <https://prng.di.unimi.it/splitmix64.c>
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

/// A policy that is right, with the places of its items
struct Sound {
    name: String,
    text: String,
    items: Vec<Range<usize>>,
}

/// A token that is taken away or put in
#[derive(Clone, Debug)]
struct Slip {
    at: Range<usize>,
    text: String,
}

fn accepted() -> Vec<Sound> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/accept");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "krites"));
    paths.sort();
    let read = |path: &Path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).ok()?;
        let policy = StubFiles::of(&text).0;
        let mut sources = Sources::default();
        let source = sources.add(&name, policy);
        let file = parse(&sources, source, &mut Vec::new());
        let mut items: Vec<Range<usize>> = file
            .places
            .iter()
            .map(|place| place.start as usize..place.end as usize)
            .collect();
        items.dedup();
        Some(Sound { name, text, items })
    };
    paths.iter().filter_map(|path| read(path)).collect()
}

/// The words and signs of an item, quoted texts and comments as wholes.
fn tokens(text: &str, item: &Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = item.start;
    while at < item.end {
        let run = |wanted: &dyn Fn(u8) -> bool| {
            let end = (at + 1..item.end).find(|at| !wanted(bytes[*at]));
            end.unwrap_or(item.end)
        };
        let end = match bytes[at] {
            b'#' => run(&|byte| byte != b'\n'),
            b'"' => (run(&|byte| byte != b'"' && byte != b'\n') + 1).min(item.end),
            byte if byte.is_ascii_alphanumeric() => {
                run(&|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'%'))
            }
            _ => at + 1,
        };
        let is_token =
            !bytes[at].is_ascii_whitespace() && bytes[at] != b'#' && bytes[at].is_ascii();
        if is_token && text.is_char_boundary(end) {
            found.push(at..end);
        }
        at = end;
    }
    found
}

fn slip(text: &str, item: &Range<usize>, random: &mut Random) -> Option<Slip> {
    let tokens = tokens(text, item);
    // The first word says what the item is
    let token = tokens.get(1 + random.below(tokens.len().checked_sub(1).filter(|n| *n > 0)?))?;
    Some(match random.below(2) {
        0 => Slip {
            at: token.clone(),
            text: String::new(),
        },
        _ => Slip {
            at: token.start..token.start,
            text: format!("{} ", STRAY[random.below(STRAY.len())]),
        },
    })
}

/// Makes the slips, which are in order; tells where the items are then.
fn broken(sound: &Sound, slips: &[(usize, Slip)]) -> (String, Vec<Range<usize>>) {
    let mut text = sound.text.clone();
    let mut items = sound.items.clone();
    for (item, slip) in slips.iter().rev() {
        text.replace_range(slip.at.clone(), &slip.text);
        let moved = |at: usize| at + slip.text.len() - slip.at.len();
        items[*item].end = moved(items[*item].end);
        for later in &mut items[item + 1..] {
            *later = moved(later.start)..moved(later.end);
        }
    }
    (text, items)
}

/// Where a diagnostic is, if in the policy itself.
fn place(found: &Diagnostic) -> Option<usize> {
    match &found.primary.place {
        Place::Text(span) if span.source == SourceId::FIRST => Some(span.start as usize),
        _ => None,
    }
}

/// Tells whether a slip alone breaks the syntax of its item.
fn breaks(sound: &Sound, item: usize, slip: &Slip) -> bool {
    let (text, items) = broken(sound, &[(item, slip.clone())]);
    let mut sources = Sources::default();
    let source = sources.add(&sound.name, StubFiles::of(&text).0);
    let mut found = Vec::new();
    parse(&sources, source, &mut found);
    let within = |at: usize| items[item].start <= at && at <= items[item].end;
    !found.is_empty() && found.iter().filter_map(place).all(within)
}

#[test]
fn all_that_is_broken_is_told_and_nothing_else() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let wanted = number("KRITES_RECOVERY").unwrap_or(500);
    let seed = number("KRITES_SEED").unwrap_or(1);
    let all = accepted();
    let mut random = Random(seed);
    let (mut texts, mut items, mut untold, mut others) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut kinds: BTreeMap<String, (u64, String)> = BTreeMap::new();
    while texts < wanted {
        let sound = &all[random.below(all.len())];
        if sound.items.len() < 4 {
            continue;
        }
        let mut slips: BTreeMap<usize, Slip> = BTreeMap::new();
        let count = 2 + random.below(4);
        for _ in 0..4 * count {
            let item = random.below(sound.items.len());
            let slip = slip(&sound.text, &sound.items[item], &mut random);
            if slips.len() < count
                && let Some(slip) = slip.filter(|slip| breaks(sound, item, slip))
            {
                slips.entry(item).or_insert(slip);
            }
        }
        if slips.len() < 2 {
            continue;
        }
        let slips: Vec<(usize, Slip)> = slips.into_iter().collect();
        let (text, ranges) = broken(sound, &slips);
        let found = checked(&sound.name, &text).2;
        texts += 1;
        items += slips.len() as u64;
        let of = |item: usize, at: usize| ranges[item].start <= at && at <= ranges[item].end;
        for (item, slip) in &slips {
            if !found.iter().filter_map(place).any(|at| of(*item, at)) {
                untold += 1;
                let shown = format!("{}: {slip:?}\n{}", sound.name, &text[ranges[*item].clone()]);
                let kind = kinds.entry("not told".to_owned()).or_insert((0, shown));
                kind.0 += 1;
            }
        }
        let mut is_right = true;
        for one in &found {
            let told = |at: usize| slips.iter().any(|(item, _)| of(*item, at));
            if !place(one).is_some_and(told) {
                is_right = false;
                let broken: Vec<String> = slips
                    .iter()
                    .map(|(item, slip)| format!("{slip:?}\n{}", &text[ranges[*item].clone()]))
                    .collect();
                let shown = format!("{}: {one:?}\n{}", sound.name, broken.join("\n"));
                let kind = kinds.entry(one.code.to_string()).or_insert((0, shown));
                kind.0 += 1;
            }
        }
        others += u64::from(!is_right);
    }
    let share = |part: u64, of: u64| 100.0 * part as f64 / of as f64;
    println!(
        "{texts} texts with {items} broken items: {:.2}% of the items told, {:.2}% of the texts told of them alone",
        100.0 - share(untold, items),
        100.0 - share(others, texts),
    );
    for (kind, (count, shown)) in &kinds {
        println!("{count} x {kind}, such as {shown}\n");
    }
    assert!(share(untold, items) <= MOST_UNTOLD, "{untold} of {items}");
    assert!(share(others, texts) <= MOST_OTHERS, "{others} of {texts}");
}

/// Of a hundred broken items: those that are not told
const MOST_UNTOLD: f64 = 0.5;
/// Of a hundred texts: those that are told of more than what is broken
const MOST_OTHERS: f64 = 4.0;
