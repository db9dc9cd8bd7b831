//! Tensor operators: native answers against those of ONNX Runtime, over
//! generated graphs: 500 of each family, or as many as `KRITES_TENSORS` says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "the rest is for other tests")]
mod cells;
mod nets;

use cells::runtime;
use nets::{Family, damage_family, elementwise, layers, moves, older, reductions, run_family};

/// LayerNormalization came with 17, reductions with axes as inputs with 18.
const RECENT: &[i64] = &[17, 18, 20];

fn graphs() -> u64 {
    std::env::var("KRITES_TENSORS").map_or(500, |graphs| graphs.parse().unwrap())
}

fn family(name: &str, family: Family, opsets: &[i64]) {
    let Some(runtime) = runtime() else { return };
    run_family(&runtime, name, family, opsets, graphs());
}

#[test]
fn graphs_of_elementwise_operators_agree() {
    family("elementwise", elementwise::OPERATORS, RECENT);
}

#[test]
fn graphs_that_move_elements_agree() {
    family("moving", moves::OPERATORS, RECENT);
}

#[test]
fn graphs_of_reductions_agree() {
    family("reducing", reductions::OPERATORS, RECENT);
}

#[test]
fn graphs_of_layers_agree() {
    family("layers", layers::OPERATORS, RECENT);
}

#[test]
fn graphs_of_older_operator_sets_agree() {
    family("older", older::OPERATORS, &[9, 11, 12]);
}

#[test]
fn damaged_graphs_are_refused_or_run() {
    let mut counts = [0; 3];
    for (family, opsets) in [
        (elementwise::OPERATORS, RECENT),
        (moves::OPERATORS, RECENT),
        (reductions::OPERATORS, RECENT),
        (layers::OPERATORS, RECENT),
        (older::OPERATORS, &[9, 11, 12]),
    ] {
        for (sum, count) in counts
            .iter_mut()
            .zip(damage_family(family, opsets, graphs()))
        {
            *sum += count;
        }
    }
    let [unread, refused, ran] = counts;
    println!("of damaged graphs {unread} cannot be read, {refused} are refused, {ran} run");
    assert!(ran > 0 && refused > 0);
}
