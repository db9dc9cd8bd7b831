//! A column of positions, each in as few bytes as the largest of them needs.

/// Positions by row; a row may have none
#[derive(Clone, Debug)]
pub(crate) enum Positions {
    Bytes(Vec<u8>),
    Shorts(Vec<u16>),
    Words(Vec<u32>),
}

impl Default for Positions {
    fn default() -> Self {
        Positions::Bytes(Vec::new())
    }
}

impl Positions {
    /// Returns the position of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<u32> {
        match self {
            Positions::Bytes(all) => match *all.get(row)? {
                u8::MAX => None,
                at => Some(u32::from(at)),
            },
            Positions::Shorts(all) => match *all.get(row)? {
                u16::MAX => None,
                at => Some(u32::from(at)),
            },
            Positions::Words(all) => match *all.get(row)? {
                u32::MAX => None,
                at => Some(at),
            },
        }
    }

    /// Sets the position of a row behind all that have one.
    pub(crate) fn set(&mut self, row: usize, at: Option<u32>) {
        let Some(at) = at else {
            return;
        };
        if let Positions::Bytes(all) = self {
            match u8::try_from(at) {
                Ok(at) if at < u8::MAX => return add(all, row, at, u8::MAX),
                _ => *self = Positions::Shorts(widened(all, u8::MAX, u16::MAX)),
            }
        }
        if let Positions::Shorts(all) = self {
            match u16::try_from(at) {
                Ok(at) if at < u16::MAX => return add(all, row, at, u16::MAX),
                _ => *self = Positions::Words(widened(all, u16::MAX, u32::MAX)),
            }
        }
        if let Positions::Words(all) = self {
            add(all, row, at, u32::MAX);
        }
    }

    /// Gives back the room that was kept for further rows.
    pub(crate) fn shrink(&mut self) {
        match self {
            Positions::Bytes(all) => all.shrink_to_fit(),
            Positions::Shorts(all) => all.shrink_to_fit(),
            Positions::Words(all) => all.shrink_to_fit(),
        }
    }
}

fn add<T: Clone>(all: &mut Vec<T>, row: usize, at: T, none: T) {
    all.resize(row, none);
    all.push(at);
}

fn widened<T: Copy + PartialEq, W: From<T> + Copy>(all: &[T], none: T, wide_none: W) -> Vec<W> {
    let wide = |at: &T| match *at == none {
        true => wide_none,
        false => W::from(*at),
    };
    all.iter().map(wide).collect()
}

#[cfg(test)]
mod tests {
    use super::Positions;

    #[test]
    fn a_column_grows_as_its_positions_do() {
        let edges = [0, 1, 254, 255, 256, 65_534, 65_535, 65_536, u32::MAX - 1];
        for last in 0..=edges.len() {
            let mut column = Positions::default();
            let positions = || {
                let edges = edges.iter().take(last);
                edges.flat_map(|at| [Some(*at), None, Some(0)])
            };
            for (row, at) in positions().enumerate() {
                column.set(row, at);
            }
            column.shrink();
            let found: Vec<_> = (0..positions().count())
                .map(|row| column.get(row))
                .collect();
            assert_eq!(found, positions().collect::<Vec<_>>());
            assert_eq!(column.get(found.len()), None);
        }
    }
}
