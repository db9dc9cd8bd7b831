//! Sequences of tokens as a tree: each node a token behind those before it.

use std::collections::HashMap;
use std::hash::Hash;

/// The place of the root
const ROOT: u32 = 0;

/// What a token is that no n-gram has
pub(crate) const UNKNOWN: i64 = -1;

/// Tokens to their numbers. It is looked up in and never gone through, so its
/// order does not show.
#[derive(Debug)]
pub(crate) struct Pool<K>(HashMap<K, u32>);

impl<K: Eq + Hash> Pool<K> {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Returns the number of a token, a new one where it has none.
    pub(crate) fn number(&mut self, token: K) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(token).or_insert(next)
    }

    /// Finds the number of a token.
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, token: &Q) -> i64
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.get(token).map_or(UNKNOWN, |&number| number.into())
    }
}

/// What an n-gram adds to
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) column: u32,
    pub(crate) weight: f32,
}

/// N-grams being added
#[derive(Debug, Default)]
pub(crate) struct GramsBuilder {
    nodes: HashMap<(u32, u32), u32>,
    /// For each node but the root
    hits: Vec<Option<Hit>>,
    longest: usize,
}

impl GramsBuilder {
    /// Adds an n-gram; false where it is there already.
    pub(crate) fn add(&mut self, gram: &[u32], hit: Hit) -> bool {
        let mut node = ROOT;
        for &token in gram {
            let next = u32::try_from(self.hits.len() + 1).unwrap_or(u32::MAX);
            let child = *self.nodes.entry((node, token)).or_insert(next);
            if child == next {
                self.hits.push(None);
            }
            node = child;
        }
        self.longest = self.longest.max(gram.len());
        match place(node).and_then(|at| self.hits.get_mut(at)) {
            Some(empty @ None) => {
                *empty = Some(hit);
                true
            }
            _ => false,
        }
    }

    /// Lays the tree out for `shortest`-grams and longer ones, with up to
    /// `most_skipped` tokens left out between two.
    pub(crate) fn build(self, shortest: usize, most_skipped: usize) -> Grams {
        let mut edges: Vec<((u32, u32), u32)> = self.nodes.into_iter().collect();
        edges.sort_unstable();
        let mut starts = vec![0_u32; self.hits.len() + 2];
        for ((node, _), _) in &edges {
            if let Some(count) = starts.get_mut(*node as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Grams {
            starts,
            edges: edges
                .into_iter()
                .map(|((_, token), node)| (token, node))
                .collect(),
            hits: self.hits,
            shortest,
            longest: self.longest,
            most_skipped: if self.longest > 1 { most_skipped } else { 0 },
        }
    }
}

/// Finds the place of a node's n-gram; the root has none.
fn place(node: u32) -> Option<usize> {
    node.checked_sub(1)?.try_into().ok()
}

/// N-grams, laid out to be found
#[derive(Debug)]
pub(crate) struct Grams {
    /// Where the children of each node start in `edges`
    starts: Vec<u32>,
    /// Token and node of each child, by token
    edges: Vec<(u32, u32)>,
    hits: Vec<Option<Hit>>,
    shortest: usize,
    longest: usize,
    most_skipped: usize,
}

impl Grams {
    /// Counts the tokens of the longest n-gram.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `on_hit` with each n-gram of a row: by the distance of its tokens,
    /// then by its first token, then by its length.
    ///
    /// As the operator has it, n-grams of one token are counted once, at the
    /// distance of one.
    pub(crate) fn count(&self, tokens: &[i64], mut on_hit: impl FnMut(Hit)) {
        let mut shortest = self.shortest;
        for distance in 1..=self.most_skipped + 1 {
            let reach = distance.saturating_mul(shortest - 1);
            if shortest > self.longest || reach >= tokens.len() {
                return;
            }
            for start in 0..tokens.len() - reach {
                let row = tokens.get(start..).unwrap_or_default();
                let mut node = ROOT;
                let spaced = row.iter().step_by(distance).take(self.longest);
                for (before, &token) in spaced.enumerate() {
                    let Some(child) = self.child(node, token) else {
                        break;
                    };
                    node = child;
                    if before + 1 >= shortest
                        && let Some(&Some(hit)) = place(node).and_then(|at| self.hits.get(at))
                    {
                        on_hit(hit);
                    }
                }
            }
            shortest = shortest.max(2);
        }
    }

    fn child(&self, node: u32, token: i64) -> Option<u32> {
        let token = u32::try_from(token).ok()?;
        let node = node as usize;
        let (&from, &to) = (self.starts.get(node)?, self.starts.get(node + 1)?);
        let children = self.edges.get(from as usize..to as usize)?;
        // Where the children are as many as the tokens, they are all of them.
        let at = match children.get(token as usize) {
            Some(&(same, _)) if same == token => token as usize,
            _ => children
                .binary_search_by_key(&token, |&(token, _)| token)
                .ok()?,
        };
        children.get(at).map(|&(_, node)| node)
    }
}
