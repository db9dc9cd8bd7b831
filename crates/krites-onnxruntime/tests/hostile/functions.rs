//! Functions that call each other, and graphs of very many nodes.

use super::Hostile;
use super::loops::model;
use super::wire::{FUNCTIONS, field, node};

/// A function of the model: its name and the nodes that make `b` of `a`
fn function(name: &str, nodes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = [field(1, name.as_bytes()), field(4, b"a"), field(5, b"b")].concat();
    nodes.iter().for_each(|node| bytes.extend(field(7, node)));
    for (domain, version) in [("", 15), ("local", 1)] {
        let version = super::wire::number(2, version);
        bytes.extend(field(9, &[field(1, domain.as_bytes()), version].concat()));
    }
    bytes.extend(field(10, b"local"));
    field(FUNCTIONS, &bytes)
}

fn call(from: &str, to: &str, name: &str) -> Vec<u8> {
    [node(&[from], &[to], name, &[]), field(7, b"local")].concat()
}

/// A model that calls the last of its functions
fn calling(name: &str, functions: &[Vec<u8>]) -> Vec<u8> {
    let domain = [field(1, b"local"), super::wire::number(2, 1)].concat();
    let mut bytes = model()
        .node(&format!("local.{name}"), &["x"], &["y"], &[])
        .build();
    bytes.extend(field(8, &domain));
    functions.iter().for_each(|function| bytes.extend(function));
    bytes
}

/// Functions that each call the one before so many times
fn towers(height: usize, calls: usize) -> Vec<u8> {
    let mut functions = vec![function("f0", &[node(&["a"], &["b"], "Neg", &[])])];
    for level in 1..=height {
        let below = format!("f{}", level - 1);
        let ends: Vec<String> = (0..=calls)
            .map(|at| match at {
                0 => "a".to_owned(),
                _ if at == calls => "b".to_owned(),
                _ => format!("m{at}"),
            })
            .collect();
        let nodes: Vec<_> = ends
            .windows(2)
            .map(|ends| call(&ends[0], &ends[1], &below))
            .collect();
        functions.push(function(&format!("f{level}"), &nodes));
    }
    calling(&format!("f{height}"), &functions)
}

/// A row of nodes, each behind the one before
fn chain(operator: &str, len: usize) -> Vec<u8> {
    let mut model = model();
    let mut before = "x".to_owned();
    for idx in 0..len {
        let name = if idx + 1 == len {
            "y".to_owned()
        } else {
            format!("n{idx}")
        };
        model = model.node(operator, &[&before], &[&name], &[]);
        before = name;
    }
    model.build()
}

pub(crate) fn files() -> Vec<Hostile> {
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("functions that call each other", {
            let other = |name: &str, callee: &str| function(name, &[call("a", "b", callee)]);
            calling("f", &[other("f", "g"), other("g", "f")])
        }),
        ("thirty functions deep", towers(30, 1)),
        ("three thousand functions deep", towers(3_000, 1)),
        ("functions that double ten times", towers(10, 2)),
        ("functions that double twenty times", towers(20, 2)),
        ("functions that double forty times", towers(40, 2)),
        ("a chain of ten thousand nodes", chain("Neg", 10_000)),
        ("a chain of sixty thousand nodes", chain("Neg", 60_000)),
        ("ten thousand identities", chain("Identity", 10_000)),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}
