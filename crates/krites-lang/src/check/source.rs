//! Items that stand in files.

use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast::{FileCells, FromFile};
use crate::module::NO_SUCH_FILE;
use crate::types::Ty;

/// Says of mistakes in a cell of a file what the policy could say of its column.
pub(super) fn advise(found: &mut [Diagnostic], ty: Ty) {
    for diagnostic in found {
        let help = match (diagnostic.code, ty) {
            (codes::PERCENT_WITHOUT_SIGN, _) => {
                "say how the file writes percentages, behind the column's header: `as fraction` where 0.05 stands for 5%, `as percent` where 5 does"
            }
            (codes::UNKNOWN_NAME, Ty::Text) => {
                "say behind the column's header that its cells are texts without quotes: `as text`"
            }
            _ => continue,
        };
        diagnostic.help = Some(help.to_owned());
    }
}

/// Says of mistakes in a bin of a file how bins are written there.
pub(super) fn advise_bin(found: &mut [Diagnostic], ty: Ty) {
    for diagnostic in found {
        let help = match diagnostic.code {
            codes::PERCENT_WITHOUT_SIGN => {
                "say how the feature's bins write percentages, behind its value: `\"util\" = utilisation as fraction` where 0.05 stands for 5%, `as percent` where 5 does"
            }
            codes::TYPES_DIFFER | codes::LITERAL_DOES_NOT_FIT if ty.is_ordered() => {
                "write a bin as `below 25`, `25 to below 40`, `[25, 40)`, `5` or `missing`"
            }
            _ => continue,
        };
        diagnostic.help = Some(help.to_owned());
    }
}

impl Checker<'_> {
    /// Tells whether the cells of an item's file were read; reports a file that was
    /// not handed in.
    pub(super) fn has_cells(&mut self, from: &FromFile) -> Option<()> {
        match from.cells {
            FileCells::Read(_) => return Some(()),
            FileCells::Refused => {}
            FileCells::NotRead => self.report(
                Diagnostic::error(
                    NO_SUCH_FILE,
                    format!("there is no file `{}` here", from.file.text),
                    from.file.span,
                )
                .help("hand in the file with the policy"),
            ),
        }
        None
    }
}
