//! Types and shapes of values that depend on the batch.

use crate::ElementType;

/// Dimensions that a row may have beside its last one
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
    /// Other dimensions of a row, which one-hot encoders and embeddings make, or
    /// another place of the batch among them
    Deep(Middle),
}

/// Sizes of a row's dimensions but its last one, none of them zero, and where
/// the batch stands
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Middle {
    sizes: [usize; MOST_MIDDLE],
    /// How many of the sizes there are; those behind are 1
    len: usize,
    /// Dimensions of the row in front of the batch
    batch: usize,
}

impl Middle {
    /// [N, 1, columns]
    pub(crate) const ONE: Self = Self {
        sizes: [1; MOST_MIDDLE],
        len: 1,
        batch: 0,
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

    /// A row of dimensions `dims`, of which `batch` stand in front of the batch;
    /// `None` where one is zero or there are too many.
    pub(crate) fn of_row(element: ElementType, dims: &[usize], batch: usize) -> Option<Self> {
        let width = dims
            .iter()
            .try_fold(1_usize, |width, &dim| width.checked_mul(dim))?;
        if width == 0 || batch > dims.len() {
            return None;
        }
        let layout = match (dims, batch) {
            ([], _) => Layout::Column,
            ([_], 0) => Layout::Matrix,
            ([1], _) => Layout::Across,
            ([middle @ .., _], _) => {
                let mut sizes = [1; MOST_MIDDLE];
                sizes.get_mut(..middle.len())?.copy_from_slice(middle);
                let len = middle.len();
                Layout::Deep(Middle { sizes, len, batch })
            }
        };
        Some(Self {
            element,
            layout,
            width,
        })
    }

    /// Lists the dimensions of one row, and how many stand in front of the batch.
    pub(crate) fn row_dims(&self) -> (Vec<usize>, usize) {
        match self.layout {
            Layout::Column => (Vec::new(), 0),
            Layout::Across => (vec![1], 1),
            Layout::Matrix => (vec![self.width], 0),
            Layout::Deep(middle) => {
                let mut dims: Vec<usize> = middle.sizes.into_iter().take(middle.len).collect();
                let rows: usize = dims.iter().product();
                dims.push(self.width / rows.max(1));
                (dims, middle.batch)
            }
        }
    }
}
