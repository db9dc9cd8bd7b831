//! Functions of one float, as a table.

use super::real::{Real, logistic, softplus};

/// A function of one float and two parameters
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    /// The operator
    pub(super) name: &'static str,
    /// The attributes that are its parameters, with what stands for them
    pub(super) parameters: [(&'static str, f32); 2],
    pub(super) single: fn(f32, [f32; 2]) -> f32,
    pub(super) double: fn(f64, [f64; 2]) -> f64,
}

macro_rules! functions {
    ($($name:literal ($($parameter:literal = $default:expr),*), |$x:pat_param, $p:pat_param| $value:expr;)*) => {
        /// The functions, sorted by name
        pub(super) const FUNCTIONS: &[Function] = &[$({
            fn of<T: Real>($x: T, $p: [T; 2]) -> T {
                $value
            }
            Function {
                name: $name,
                parameters: parameters(&[$(($parameter, $default)),*]),
                single: of::<f32>,
                double: of::<f64>,
            }
        },)*];
    };
}

const fn parameters(given: &[(&'static str, f32)]) -> [(&'static str, f32); 2] {
    match given {
        [first, second] => [*first, *second],
        [first] => [*first, ("", 0.0)],
        _ => [("", 0.0); 2],
    }
}

fn zero<T: Real>() -> T {
    T::default()
}

functions! {
    "Abs" (), |x, _| x.abs();
    "Acos" (), |x, _| x.acos();
    "Acosh" (), |x, _| x.acosh();
    "Asin" (), |x, _| x.asin();
    "Asinh" (), |x, _| x.asinh();
    "Atan" (), |x, _| x.atan();
    "Atanh" (), |x, _| x.atanh();
    "Ceil" (), |x, _| x.ceil();
    "Celu" ("alpha" = 1.0), |x, [alpha, _]| if x < zero() { alpha * (x / alpha).exp_m1() } else { x };
    "Cos" (), |x, _| x.cos();
    "Cosh" (), |x, _| x.cosh();
    "Elu" ("alpha" = 1.0), |x, [alpha, _]| if x < zero() { alpha * x.exp_m1() } else { x };
    "Erf" (), |x, _| x.erf();
    "Exp" (), |x, _| x.exp();
    "Floor" (), |x, _| x.floor();
    "Gelu" (), |x, _| T::from_single(0.5) * x * (T::ONE + (x * T::narrow(std::f64::consts::FRAC_1_SQRT_2)).erf());
    "Gelu tanh" (), |x, _| {
        // √(2/π)
        let inner = T::narrow(0.797_884_560_802_865_4) * (x + T::narrow(0.044_715) * x * x * x);
        T::from_single(0.5) * x * (T::ONE + inner.tanh())
    };
    "HardSigmoid" ("alpha" = 0.2, "beta" = 0.5), |x, [alpha, beta]| unit(alpha * x + beta);
    "HardSwish" (), |x, _| x * unit(x / T::from_single(6.0) + T::from_single(0.5));
    "LeakyRelu" ("alpha" = 0.01), |x, [alpha, _]| if x < zero() { alpha * x } else { x };
    "Log" (), |x, _| x.ln();
    "Mish" (), |x, _| x * softplus(x).tanh();
    "Neg" (), |x, _| -x;
    "Reciprocal" (), |x, _| T::ONE / x;
    "Relu" (), |x, _| if x < zero() { zero() } else { x };
    "Round" (), |x, _| x.round();
    "Selu" ("alpha" = 1.673_263_2, "gamma" = 1.050_701), |x, [alpha, gamma]| {
        gamma * if x > zero() { x } else { alpha * x.exp_m1() }
    };
    "Shrink" ("bias" = 0.0, "lambd" = 0.5), |x, [bias, lambd]| {
        if x < -lambd {
            x + bias
        } else if x > lambd {
            x - bias
        } else {
            zero()
        }
    };
    "Sigmoid" (), |x, _| logistic(x);
    "Sign" (), |x, _| if x > zero() {
        T::ONE
    } else if x < zero() {
        -T::ONE
    } else {
        // NaN stays NaN.
        x.abs()
    };
    "Sin" (), |x, _| x.sin();
    "Sinh" (), |x, _| x.sinh();
    "Softplus" (), |x, _| softplus(x);
    "Softsign" (), |x, _| x / (T::ONE + x.abs());
    "Sqrt" (), |x, _| x.sqrt();
    "Tan" (), |x, _| x.tan();
    "Tanh" (), |x, _| x.tanh();
    "ThresholdedRelu" ("alpha" = 1.0), |x, [alpha, _]| if x > alpha { x } else { zero() };
}

/// What is below 0 or above 1 becomes 0 or 1.
fn unit<T: Real>(x: T) -> T {
    if x < zero() {
        zero()
    } else if x > T::ONE {
        T::ONE
    } else {
        x
    }
}

/// Finds a function.
pub(super) fn function(name: &str) -> Option<Function> {
    let at = FUNCTIONS.binary_search_by_key(&name, |function| function.name);
    at.ok().and_then(|at| FUNCTIONS.get(at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_are_sorted() {
        assert!(FUNCTIONS.is_sorted_by_key(|function| function.name));
        assert!(function("Tanh").is_some() && function("Loop").is_none());
    }
}
