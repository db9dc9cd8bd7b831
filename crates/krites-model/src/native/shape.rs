//! Types and shapes of values that depend on the batch.

use crate::ElementType;

/// Most dimensions between the batch and the columns
const MOST_MIDDLE: usize = 2;

/// How the rows of the batch lie in a value
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// [N]
    Column,
    /// [N, columns]
    Matrix,
    /// [1, N]
    Across,
    /// [N, middle…, columns], which one-hot encoders and embeddings make
    Deep(Middle),
}

/// Sizes between the batch and the columns, none of them zero
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Middle {
    sizes: [usize; MOST_MIDDLE],
    /// How many of the sizes there are; those behind are 1
    len: usize,
}

impl Middle {
    /// [N, 1, columns]
    pub(crate) const ONE: Self = Self {
        sizes: [1; MOST_MIDDLE],
        len: 1,
    };
}

/// Type and shape of a value that depends on the batch
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) element: ElementType,
    pub(crate) layout: Layout,
    /// Elements of one row
    pub(crate) width: usize,
}

impl Shape {
    /// [N, width]
    pub(crate) fn matrix(element: ElementType, width: usize) -> Self {
        Self {
            element,
            layout: Layout::Matrix,
            width,
        }
    }

    /// [N]
    pub(crate) fn column(element: ElementType) -> Self {
        Self {
            element,
            layout: Layout::Column,
            width: 1,
        }
    }

    /// [N, dims…], `None` where a dimension is zero or there are too many.
    pub(crate) fn of_row(element: ElementType, dims: &[usize]) -> Option<Self> {
        let width = dims
            .iter()
            .try_fold(1_usize, |width, &dim| width.checked_mul(dim))?;
        if width == 0 {
            return None;
        }
        let layout = match dims {
            [] => Layout::Column,
            [_] => Layout::Matrix,
            [middle @ .., _] => {
                let mut sizes = [1; MOST_MIDDLE];
                sizes.get_mut(..middle.len())?.copy_from_slice(middle);
                let len = middle.len();
                Layout::Deep(Middle { sizes, len })
            }
        };
        Some(Self {
            element,
            layout,
            width,
        })
    }

    /// Lists the dimensions of one row.
    pub(crate) fn row_dims(&self) -> Vec<usize> {
        match self.layout {
            Layout::Column | Layout::Across => Vec::new(),
            Layout::Matrix => vec![self.width],
            Layout::Deep(middle) => {
                let mut dims: Vec<usize> = middle.sizes.into_iter().take(middle.len).collect();
                let rows: usize = dims.iter().product();
                dims.push(self.width / rows.max(1));
                dims
            }
        }
    }
}
