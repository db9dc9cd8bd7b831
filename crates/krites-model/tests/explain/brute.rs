//! Shapley values by their definition, from what a model answers.

use krites_model::{
    Attribution, Call, Explained, InputRows, InputTensor, Model, NativeModel, OutputTensor,
    Scratch, Unit,
};
use ndarray::Array2;

/// What an explainer tells of a row
pub(crate) struct Told {
    pub(crate) base: f64,
    pub(crate) margin: f64,
    pub(crate) contributions: Vec<f64>,
}

/// Explains rows one by one.
pub(crate) fn explain(
    model: &NativeModel,
    explained: &Explained<'_>,
    cases: &InputRows,
) -> Vec<Told> {
    let explainer = model.explainer(explained).unwrap();
    let n_players = model
        .signature()
        .inputs
        .iter()
        .map(|input| input.width)
        .sum();
    let mut scratch = Scratch::default();
    let told = (0..cases.n_rows()).map(|row_idx| {
        let mut contributions = vec![f64::NAN; n_players];
        let margin = cases.view(row_idx..row_idx + 1, |row| {
            explainer
                .explain(row, &mut contributions, &mut scratch)
                .unwrap()
        });
        let base = explainer.base();
        let sum = base + contributions.iter().sum::<f64>();
        assert!(
            (sum - margin).abs() <= 1e-6 + 1e-5 * margin.abs(),
            "{sum} is not {margin}"
        );
        Told {
            base,
            margin,
            contributions,
        }
    });
    told.collect()
}

/// Compares what is told of each case with Shapley values by brute force.
pub(crate) fn check(
    model: &NativeModel,
    (output, column): (usize, usize),
    background: &InputRows,
    cases: &InputRows,
    unit: Unit,
) {
    let explained = Explained {
        output,
        column,
        background,
        attribution: Attribution::Interventional,
    };
    assert_eq!(model.explainer(&explained).unwrap().unit(), unit);
    let told = explain(model, &explained, cases);
    let n_players = model
        .signature()
        .inputs
        .iter()
        .map(|input| input.width)
        .sum();
    for (row_idx, told) in told.iter().enumerate() {
        let served = answers(model, (output, column), cases);
        let linked = match unit {
            Unit::LogOdds => 1.0 / (1.0 + (-told.margin).exp()),
            _ => told.margin,
        };
        let distance = (linked - served[row_idx]).abs();
        assert!(
            distance <= 2e-6 + 1e-5 * linked.abs(),
            "{linked} is not {}",
            served[row_idx]
        );
        let mut slack = 2e-5;
        let of = |known: u32| {
            let mixed = mixed(model, cases, row_idx, background, known);
            let answers = answers(model, (output, column), &mixed);
            let margins = answers.iter().map(|&answer| match unit {
                Unit::LogOdds => {
                    slack = f64::max(slack, 4e-7 / (answer * (1.0 - answer)));
                    (answer / (1.0 - answer)).ln()
                }
                _ => answer,
            });
            margins.sum::<f64>() / answers.len() as f64
        };
        let shared = shapley(n_players, of);
        for (player, (given, by_hand)) in told.contributions.iter().zip(&shared).enumerate() {
            assert!(
                (given - by_hand).abs() <= slack,
                "row {row_idx}, column {player}: {given} is not {by_hand}"
            );
        }
    }
}

/// Shares out the worth of sets of players.
pub(crate) fn shapley(n_players: usize, mut worth: impl FnMut(u32) -> f64) -> Vec<f64> {
    let worths: Vec<f64> = (0..1_u32 << n_players).map(&mut worth).collect();
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    let share = |player: usize| {
        let bit = 1_u32 << player;
        let without = (0..1_u32 << n_players).filter(|set| set & bit == 0);
        let adds = without.map(|set| {
            let n_known = set.count_ones();
            let weight = factorial(n_known) * factorial(n_players as u32 - n_known - 1)
                / factorial(n_players as u32);
            weight * (worths[(set | bit) as usize] - worths[set as usize])
        });
        adds.sum()
    };
    (0..n_players).map(share).collect()
}

/// The rows of the background with the known columns of a case.
fn mixed(
    model: &NativeModel,
    cases: &InputRows,
    row_idx: usize,
    background: &InputRows,
    known: u32,
) -> InputRows {
    fn mix<T: Clone>(case: &Array2<T>, row_idx: usize, other: &Array2<T>, known: u32) -> Array2<T> {
        Array2::from_shape_fn(other.dim(), |(row, column)| {
            if known >> column & 1 == 1 {
                case[(row_idx, column)].clone()
            } else {
                other[(row, column)].clone()
            }
        })
    }
    let mut first = 0;
    let inputs = cases.inputs().iter().zip(background.inputs());
    let inputs = inputs.map(|(case, other)| {
        let known = known >> first;
        first += case.dim().1;
        match (case, other) {
            (OutputTensor::Float(case), OutputTensor::Float(other)) => {
                OutputTensor::Float(mix(case, row_idx, other, known))
            }
            (OutputTensor::Double(case), OutputTensor::Double(other)) => {
                OutputTensor::Double(mix(case, row_idx, other, known))
            }
            (OutputTensor::Text(case), OutputTensor::Text(other)) => {
                OutputTensor::Text(mix(case, row_idx, other, known))
            }
            _ => panic!("inputs of other types"),
        }
    });
    InputRows::new(model.signature(), inputs.collect()).unwrap()
}

/// What the model answers, in a column of an output.
fn answers(model: &NativeModel, (output, column): (usize, usize), rows: &InputRows) -> Vec<f64> {
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, rows.n_rows()))
        .collect();
    let texts = rows.inputs().iter().map(|input| match input {
        OutputTensor::Text(texts) => texts.map(String::as_str),
        _ => Array2::default((0, 0)),
    });
    let texts: Vec<_> = texts.collect();
    let inputs = rows.inputs().iter().zip(&texts);
    let inputs = inputs.map(|(input, texts)| match input {
        OutputTensor::Float(all) => InputTensor::Float(all.view()),
        OutputTensor::Double(all) => InputTensor::Double(all.view()),
        OutputTensor::Text(_) => InputTensor::Text(texts.view()),
        other => panic!("{other:?}"),
    });
    model
        .run(&mut Call {
            inputs: &inputs.collect::<Vec<_>>(),
            outputs: &mut outputs,
            within: None,
            scratch: &mut Scratch::default(),
        })
        .unwrap();
    match &outputs[output] {
        OutputTensor::Float(all) => all.column(column).iter().map(|&x| x.into()).collect(),
        OutputTensor::Double(all) => all.column(column).to_vec(),
        other => panic!("{other:?}"),
    }
}
