//! Transforms of scores that classifiers and regressors end with.
//!
//! Formulas are those of ONNX Runtime (`core/providers/cpu/ml/ml_common.h`),
//! with exp from libm.

use crate::native::NotNative;
use crate::native::explain::{Link, Sum, Traced};
use crate::native::node::NodeContext;

/// What happens to the scores of a row
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostTransform {
    None,
    Logistic,
    Softmax,
    /// Softmax that leaves scores of zero out
    SoftmaxZero,
    /// The quantile of the normal distribution, of a probability
    Probit,
}

impl PostTransform {
    /// Reads the attribute `post_transform`.
    pub(crate) fn of(node: &NodeContext<'_>) -> Result<Self, NotNative> {
        match node.text("post_transform", "NONE")? {
            "NONE" => Ok(Self::None),
            "LOGISTIC" => Ok(Self::Logistic),
            "SOFTMAX" => Ok(Self::Softmax),
            "SOFTMAX_ZERO" => Ok(Self::SoftmaxZero),
            "PROBIT" => Ok(Self::Probit),
            other => Err(node.refuse(format!("the transform `{other}` of its scores"))),
        }
    }

    /// Tells what it makes of a sum; `whole` says that the columns of logistic
    /// functions sum to 1.
    pub(crate) fn trace(self, sum: Sum, whole: bool) -> Traced {
        match self {
            Self::None => Traced::Sum(sum),
            Self::Logistic => Traced::Probability(Link::Logistic { whole }, sum),
            Self::Softmax => Traced::Probability(Link::Softmax, sum),
            Self::SoftmaxZero => Traced::Refused("its softmax leaves scores of zero out"),
            Self::Probit => Traced::Refused("it makes probits"),
        }
    }

    /// Tells what it makes of the one sum of a row.
    pub(crate) fn trace_one(self, sum: Sum) -> Traced {
        match self {
            Self::Probit => self.trace(sum, false),
            _ => Traced::Sum(sum),
        }
    }

    /// Applies the transform to the scores of one row.
    pub(crate) fn apply(self, scores: &mut [f32]) {
        match self {
            Self::None => {}
            Self::Logistic => scores
                .iter_mut()
                .for_each(|score| *score = logistic(*score)),
            Self::Softmax => softmax(scores),
            Self::SoftmaxZero => softmax_zero(scores),
            Self::Probit => scores.iter_mut().for_each(|score| *score = probit(*score)),
        }
    }

    /// Applies the transform to the score of a row that has one: the probit
    /// alone, as ONNX Runtime has it.
    pub(crate) fn apply_to_one(self, score: &mut f32) {
        if self == Self::Probit {
            *score = probit(*score);
        }
    }
}

/// 1 / (1 + e^-x), without overflow
pub(crate) fn logistic(x: f32) -> f32 {
    let upper = 1.0 / (1.0 + libm::expf(-x.abs()));
    if x < 0.0 { 1.0 - upper } else { upper }
}

/// An approximation to four digits (Winitzki 2008) of the inverse of the normal
/// distribution function; no number outside of 0 to 1
fn probit(x: f32) -> f32 {
    const A: f32 = 0.147;
    let x = 2.0 * x - 1.0;
    let log = libm::logf((1.0 - x) * (1.0 + x));
    let half = 2.0 / (std::f32::consts::PI * A) + 0.5 * log;
    let root = (-half + (half * half - 1.0 / A * log).sqrt()).sqrt();
    std::f32::consts::SQRT_2 * if x < 0.0 { -root } else { root }
}

fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(
        f32::MIN,
        |most, score| if score > most { score } else { most },
    );
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = libm::expf(*score - most);
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}

fn softmax_zero(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(
        f32::MIN,
        |most, score| if score > most { score } else { most },
    );
    let exp_neg_most = libm::expf(-most);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        if score.abs() > 1e-7 {
            *score = libm::expf(*score - most);
            sum += *score;
        } else {
            *score *= exp_neg_most;
        }
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}
