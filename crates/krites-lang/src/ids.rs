//! Indices with a type of their own, and the lists they index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A type that indexes a [`List`]
pub trait Id: Copy {
    /// Makes the id of a position.
    fn new(position: usize) -> Self;
    /// Returns the position.
    fn position(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
            fn position(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An enum of a policy
    EnumId,
    /// A reason of a policy
    ReasonId,
    /// An input of a policy
    InputId,
    /// A definition of a policy
    DefinitionId,
    /// A model of a policy
    ModelId,
    /// A table of a policy
    TableId,
    /// A rule set of a policy
    RuleSetId,
    /// A rule of a policy, over all its sets and its `decide`
    RuleId,
    /// An output of a policy
    OutputId,
    /// A list of a case: an input, or a field of another list's records
    ListId,
    /// A value that is there while an expression is computed: a parameter, an
    /// element's field
    LocalId,
    /// A function of a policy
    FunctionId,
    /// A named list of constants
    NamedListId,
    /// A lookup of a policy
    LookupId,
    /// Another policy that a policy asks
    SubpolicyId,
    /// A pattern that texts are held against
    PatternId,
    /// A tag of a policy
    TagId,
    /// A group of inputs on request
    GroupId,
    /// Something that must always hold
    AlwaysId,
    /// A scorecard of a policy
    ScorecardId,
}

/// A list indexed by its own id type
#[derive(Clone, Debug)]
pub struct List<I, T> {
    items: Vec<T>,
    id: PhantomData<fn(I)>,
}

impl<I: Id, T> List<I, T> {
    /// Appends an item and returns its id.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// Returns an item, where the id is of this list.
    #[inline]
    #[must_use]
    pub fn find(&self, id: I) -> Option<&T> {
        self.items.get(id.position())
    }

    /// Returns the number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Walks the items.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Walks the items with their ids.
    pub fn iter_ids(&self) -> impl Iterator<Item = (I, &T)> {
        self.items
            .iter()
            .enumerate()
            .map(|(position, item)| (I::new(position), item))
    }
}

impl<I, T> Default for List<I, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            id: PhantomData,
        }
    }
}

impl<I: Id, T> FromIterator<T> for List<I, T> {
    fn from_iter<Items: IntoIterator<Item = T>>(items: Items) -> Self {
        Self {
            items: items.into_iter().collect(),
            id: PhantomData,
        }
    }
}

impl<'a, I: Id, T> IntoIterator for &'a List<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<I: Id, T> Index<I> for List<I, T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "an id is made by the list that it indexes"
    )]
    fn index(&self, id: I) -> &T {
        &self.items[id.position()]
    }
}

impl<I: Id, T> IndexMut<I> for List<I, T> {
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is made by the list that it indexes"
    )]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.position()]
    }
}
