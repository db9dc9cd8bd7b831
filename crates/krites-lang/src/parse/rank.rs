//! `rank name by value, at least 0, at most 3 -> … { | … | }`: the head. Its lines are
//! those of a table.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use super::table::Head;
use crate::ast::{HitPolicy, Item, Name, Ranking, TableOutput};
use crate::scan::Node;

/// How many rows may be kept at most
const MAX_KEPT: u32 = 1_000_000;

impl<'s> Reader<'s> {
    pub(super) fn rank(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self
            .head(Rule::rank_head, node, rest)
            .and_then(|pair| self.rank_head(pair));
        self.table_of(node, head)
    }

    fn rank_head(&mut self, pair: Pair<'s>) -> Option<Head<'s>> {
        let validity = self.validity(&pair);
        let whole = self.tight_span(&pair);
        let mut names: Vec<Name> = Vec::new();
        let mut at_least = None;
        let mut at_most = None;
        let mut outputs = Vec::new();
        for part in pair.into_inner() {
            let place = self.tight_span(&part);
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::rank_floor => {
                    let floor = super::parts::part(&part, Rule::sum)?;
                    let floor = self.sum(floor);
                    match &at_least {
                        None => at_least = Some((floor, place)),
                        Some((_, first)) => self.report_twice("`at least`", *first, place),
                    }
                }
                Rule::at_most => {
                    let count = super::parts::part(&part, Rule::count)?;
                    let count = self.small_count(&count, MAX_KEPT)?;
                    match at_most {
                        None => at_most = Some((count, place)),
                        Some((_, first)) => self.report_twice("`at most`", first, place),
                    }
                }
                Rule::rank_output => outputs.push(self.rank_output(&part)?),
                _ => {}
            }
        }
        let mut names = names.into_iter();
        let (name, by) = (names.next()?, names.next()?);
        let at_least = at_least.map(|(floor, _)| floor);
        Some(Head {
            name,
            validity,
            policy: (HitPolicy::Rank, whole),
            ranking: Some(Box::new(Ranking {
                by,
                at_least,
                at_most,
            })),
            by: Vec::new(),
            outputs,
            because: None,
            from: None,
        })
    }

    fn rank_output(&mut self, pair: &Pair<'_>) -> Option<TableOutput> {
        let name = super::parts::part(pair, Rule::name).map(|name| self.name(&name));
        let ty = super::parts::part(pair, Rule::type_expr).map(|ty| self.type_expr(&ty));
        let value = super::parts::part(pair, Rule::sum).map(|value| self.sum(value));
        Some(TableOutput {
            name: name?,
            ty: ty?,
            value,
            trends: Vec::new(),
        })
    }
}
