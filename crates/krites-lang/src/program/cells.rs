//! What the distinct cells of a column of outputs give: constants as numbers, since a
//! table has as many of them as rows; all else as code.

use super::{Code, Number, Whole};
use crate::Exact;

/// The cells of a column, by position
#[derive(Clone, Debug)]
pub(crate) enum CellCodes {
    Whole(Box<[i64]>),
    Exact(Box<[Exact]>),
    Codes(Box<[Code]>),
}

/// What one of them gives
#[derive(Clone, Copy, Debug)]
pub(crate) enum CellCode<'p> {
    Whole(i64),
    Exact(Exact),
    Code(&'p Code),
}

impl CellCodes {
    pub(crate) fn get(&self, at: u32) -> Option<CellCode<'_>> {
        let at = at as usize;
        match self {
            CellCodes::Whole(all) => all.get(at).copied().map(CellCode::Whole),
            CellCodes::Exact(all) => all.get(at).copied().map(CellCode::Exact),
            CellCodes::Codes(all) => all.get(at).map(CellCode::Code),
        }
    }
}

impl FromIterator<Code> for CellCodes {
    fn from_iter<Items: IntoIterator<Item = Code>>(codes: Items) -> Self {
        let codes: Box<[Code]> = codes.into_iter().collect();
        let whole = codes.iter().map(|code| match code {
            Code::Whole(Whole::Constant(value)) => Some(*value),
            _ => None,
        });
        if let Some(all) = whole.collect() {
            return CellCodes::Whole(all);
        }
        let exact = codes.iter().map(|code| match code {
            Code::Exact(Number::Constant(value)) => Some(*value),
            _ => None,
        });
        match exact.collect() {
            Some(all) => CellCodes::Exact(all),
            None => CellCodes::Codes(codes),
        }
    }
}
