//! Tables of a decided case: the rows that count.

use krites_lang::TableState;

use super::Decision;

/// A table
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<'a> {
    /// Its name
    pub name: &'a str,
    /// Whether it was asked
    pub state: TableState,
    /// The rows that count, in their order; none where it was not asked
    pub rows: Vec<&'a str>,
}

impl<'a> Decision<'a> {
    /// Walks all tables in the policy's order, but for what [`Decision::scores`] and
    /// [`Decision::ranks`] tell: features of scorecards, and ranks.
    pub fn tables(&self) -> impl Iterator<Item = Table<'a>> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        let mut features = policy.scorecards.iter().flat_map(|card| &card.features);
        // The tables of features stand behind all others
        let first_feature = features.next().map(|feature| feature.table);
        let tables = policy.tables.iter_ids().zip(self.all_rows());
        tables
            .take_while(move |((id, _), _)| Some(*id) != first_feature)
            .filter(|((_, table), _)| table.ranking.is_none())
            .map(move |((id, _), (name, rows))| Table {
                name,
                state: frame.table(id),
                rows,
            })
    }
}
