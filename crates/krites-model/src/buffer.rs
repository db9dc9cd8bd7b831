//! Arrays of elements: constants, and intermediate values while a model runs.

use crate::ElementType;

/// The elements of one value, row-major
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Buffer {
    Float(Vec<f32>),
    Double(Vec<f64>),
    Integer(Vec<i64>),
    Boolean(Vec<bool>),
    Text(Vec<String>),
}

impl Default for Buffer {
    fn default() -> Self {
        Self::Float(Vec::new())
    }
}

/// An element type that buffers hold as a plain array
pub(crate) trait Element:
    Copy + Default + PartialOrd + Send + Sync + std::fmt::Debug + 'static
{
    /// The type as signatures name it
    const TYPE: ElementType;

    /// Returns the array of a buffer of this type.
    fn of(buffer: &Buffer) -> Option<&[Self]>;

    /// Makes the buffer one of this type, keeps its memory where it is one, and
    /// returns it with its old elements.
    fn array(buffer: &mut Buffer) -> &mut Vec<Self>;

    /// Returns the array, set to `len` elements of unknown value.
    fn resized(buffer: &mut Buffer, len: usize) -> &mut [Self] {
        let array = Self::array(buffer);
        array.resize(len, Self::default());
        array
    }
}

macro_rules! element {
    ($element:ty, $variant:ident) => {
        impl Element for $element {
            const TYPE: ElementType = ElementType::$variant;

            fn of(buffer: &Buffer) -> Option<&[Self]> {
                match buffer {
                    Buffer::$variant(array) => Some(array),
                    _ => None,
                }
            }

            fn array(buffer: &mut Buffer) -> &mut Vec<Self> {
                if !matches!(buffer, Buffer::$variant(_)) {
                    *buffer = Buffer::$variant(Vec::new());
                }
                match buffer {
                    Buffer::$variant(array) => array,
                    _ => unreachable!("the buffer was set above"),
                }
            }
        }
    };
}

element!(f32, Float);
element!(f64, Double);
element!(i64, Integer);
element!(bool, Boolean);

impl Buffer {
    /// Tells the type of the elements.
    pub(crate) fn element(&self) -> ElementType {
        match self {
            Self::Float(_) => ElementType::Float,
            Self::Double(_) => ElementType::Double,
            Self::Integer(_) => ElementType::Integer,
            Self::Boolean(_) => ElementType::Boolean,
            Self::Text(_) => ElementType::Text,
        }
    }

    /// Counts the elements.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Float(array) => array.len(),
            Self::Double(array) => array.len(),
            Self::Integer(array) => array.len(),
            Self::Boolean(array) => array.len(),
            Self::Text(array) => array.len(),
        }
    }

    /// Makes this a buffer of texts, keeps its memory where it is one, and sets
    /// it to `len` texts of unknown value.
    pub(crate) fn texts_mut(&mut self, len: usize) -> &mut [String] {
        if !matches!(self, Self::Text(_)) {
            *self = Self::Text(Vec::new());
        }
        match self {
            Self::Text(texts) => {
                texts.resize_with(len, String::new);
                texts
            }
            _ => unreachable!("the buffer was set above"),
        }
    }
}

/// Texts of an input, borrowed, or of a buffer
#[derive(Clone, Copy, Debug)]
pub(crate) enum Texts<'a> {
    Borrowed(&'a [&'a str]),
    Owned(&'a [String]),
}

impl<'a> Texts<'a> {
    /// Counts the texts.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Borrowed(texts) => texts.len(),
            Self::Owned(texts) => texts.len(),
        }
    }

    /// Returns a text, the empty one beyond the end.
    pub(crate) fn get(self, idx: usize) -> &'a str {
        match self {
            Self::Borrowed(texts) => texts.get(idx).copied().unwrap_or_default(),
            Self::Owned(texts) => texts.get(idx).map(String::as_str).unwrap_or_default(),
        }
    }

    /// Goes through the texts.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |idx| self.get(idx))
    }
}
