//! The values that fields of outputs may take.

use std::sync::Arc;

use krites_lang::{Date, DateTime, Duration, Exact, OutputValue};

use super::plan::Takes;
use super::{Output, OutputsError, Plan, Source};

macro_rules! deserialized {
    ($($takes:ident: $($ty:ty)*;)*) => {$($(
        impl Output for $ty {
            const SCALAR: bool = true;

            fn plan(plan: &mut Plan<'_>) {
                plan.value(Takes::$takes);
            }

            #[inline]
            fn take(source: &mut Source<'_>) -> Result<Self, OutputsError> {
                source.deserialize()
            }
        }
    )*)*};
}
deserialized! {
    Whole: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
    Number: f32 f64;
    Boolean: bool;
    Text: String Box<str> char;
}

macro_rules! taken {
    ($($takes:ident: $ty:ty => |$value:ident| $found:expr;)*) => {$(
        impl Output for $ty {
            const SCALAR: bool = true;

            fn plan(plan: &mut Plan<'_>) {
                plan.value(Takes::$takes);
            }

            #[inline]
            fn take(source: &mut Source<'_>) -> Result<Self, OutputsError> {
                let output = source.next()?;
                let $value = output.value;
                let found: Option<$ty> = $found;
                found.ok_or_else(|| OutputsError::missing(output.name))
            }
        }
    )*};
}
taken! {
    Exact: Exact => |value| match value {
        Some(OutputValue::Exact(value)) => Some(value),
        Some(OutputValue::Integer(value)) => Some(Exact::from_integer(value)),
        _ => None,
    };
    Date: Date => |value| match value {
        Some(OutputValue::Date(value)) => Some(value),
        _ => None,
    };
    DateTime: DateTime => |value| match value {
        Some(OutputValue::DateTime(value)) => Some(value),
        _ => None,
    };
    Duration: Duration => |value| match value {
        Some(OutputValue::Duration(value)) => Some(value),
        _ => None,
    };
}

/// It has a text of its own.
impl Output for Arc<str> {
    const SCALAR: bool = true;

    fn plan(plan: &mut Plan<'_>) {
        String::plan(plan);
    }

    fn take(source: &mut Source<'_>) -> Result<Self, OutputsError> {
        String::take(source).map(Into::into)
    }
}

impl<T: Output> Output for Option<T> {
    const SCALAR: bool = T::SCALAR;

    fn plan(plan: &mut Plan<'_>) {
        plan.optional::<T>();
    }

    #[inline]
    fn take(source: &mut Source<'_>) -> Result<Self, OutputsError> {
        let there = match T::SCALAR {
            true => source.is_there()?,
            false => source.is_record_there(),
        };
        there.then(|| T::take(source)).transpose()
    }
}

impl<T: Output> Output for Vec<T> {
    const SCALAR: bool = true;

    fn plan(plan: &mut Plan<'_>) {
        plan.list::<T>();
    }

    fn take(source: &mut Source<'_>) -> Result<Self, OutputsError> {
        source.elements()
    }
}
