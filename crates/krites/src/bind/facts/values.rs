//! The values that fields of facts may be.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use krites_lang::{Date, DateTime, Duration, Exact};

use super::fit::Fits;
use super::{Fact, Facts, Plan, Sink};

macro_rules! plain {
    ($($fits:ident: $($ty:ty)* => |$value:ident, $sink:ident| $put:expr;)*) => {$($(
        impl Fact for $ty {
            const SCALAR: bool = true;

            fn plan(plan: &mut Plan<'_>) {
                plan.value(Fits::$fits);
            }

            #[inline]
            fn put(&self, $sink: &mut Sink<'_>) {
                let $value = self;
                $put
            }
        }
    )*)*};
}
plain! {
    Whole: i8 i16 i32 u8 u16 u32 => |value, sink| sink.whole(i64::from(*value));
    Whole: i64 => |value, sink| sink.whole(*value);
    Whole: u64 => |value, sink| match i64::try_from(*value) {
        Ok(whole) => sink.whole(whole),
        Err(_) => sink.wide(Some(i128::from(*value))),
    };
    Whole: i128 => |value, sink| match i64::try_from(*value) {
        Ok(whole) => sink.whole(whole),
        Err(_) => sink.wide(Some(*value)),
    };
    Whole: isize usize u128 => |value, sink| match i64::try_from(*value) {
        Ok(whole) => sink.whole(whole),
        Err(_) => sink.wide(i128::try_from(*value).ok()),
    };
    Boolean: bool => |value, sink| sink.boolean(*value);
    Number: f32 => |value, sink| sink.float_32(*value);
    Number: f64 => |value, sink| sink.float(*value);
    Number: Exact => |value, sink| sink.exact(*value);
    Text: str String => |value, sink| sink.text(value);
    Text: char => |value, sink| sink.text(value.encode_utf8(&mut [0; 4]));
    Date: Date => |value, sink| sink.date(*value);
    Text: DateTime Duration => |value, sink| sink.display(value);
}

macro_rules! through {
    ($([$($generics:tt)*] $ty:ty => $inner:ty;)*) => {$(
        impl<$($generics)*> Fact for $ty {
            const SCALAR: bool = <$inner as Fact>::SCALAR;

            fn plan(plan: &mut Plan<'_>) {
                <$inner as Fact>::plan(plan);
            }

            #[inline]
            fn put(&self, sink: &mut Sink<'_>) {
                (**self).put(sink);
            }
        }
    )*};
}
through! {
    [T: Fact + ?Sized] &T => T;
    [T: Fact + ?Sized] Box<T> => T;
    [T: Fact + ?Sized] Rc<T> => T;
    [T: Fact + ?Sized] Arc<T> => T;
    [T: Fact + ToOwned + ?Sized] Cow<'_, T> => T;
}

impl<T: Facts> Facts for &T {
    type Static = T::Static;
}

impl<T: Fact> Fact for Option<T> {
    const SCALAR: bool = T::SCALAR;

    fn plan(plan: &mut Plan<'_>) {
        plan.optional::<T>();
    }

    #[inline]
    fn put(&self, sink: &mut Sink<'_>) {
        if !T::SCALAR {
            sink.maybe(self.is_some());
        }
        match self {
            Some(value) => value.put(sink),
            None if T::SCALAR => sink.missing(),
            None => {}
        }
    }
}

macro_rules! lists {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<T: Fact, $($generics)*> Fact for $ty {
            const SCALAR: bool = false;

            fn plan(plan: &mut Plan<'_>) {
                plan.list::<T>();
            }

            fn put(&self, sink: &mut Sink<'_>) {
                sink.elements(self);
            }
        }
    )*};
}
lists! {
    [] [T];
    [] Vec<T>;
    [const N: usize] [T; N];
}
