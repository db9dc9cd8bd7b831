//! Choices: from a seed, or from bytes that a fuzzer gives.

/// A source of choices. The same seed or bytes choose the same.
#[derive(Clone, Debug)]
pub struct Choose<'b> {
    state: u64,
    bytes: Option<&'b [u8]>,
}

impl<'b> Choose<'b> {
    /// Chooses by a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            state: seed,
            bytes: None,
        }
    }

    /// Chooses by bytes; where they end, always the first of what there is.
    #[must_use]
    pub fn bytes(bytes: &'b [u8]) -> Self {
        Self {
            state: 0,
            bytes: Some(bytes),
        }
    }

    /// The next 64 bits, by Steele, Lea and Flood's `SplitMix64`; of bytes, two.
    fn bits(&mut self) -> u64 {
        if let Some(bytes) = self.bytes {
            let (now, rest) = bytes.split_at(bytes.len().min(2));
            self.bytes = Some(rest);
            return now
                .iter()
                .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    /// A number below `count`; 0 where that is 0.
    pub fn below(&mut self, count: usize) -> usize {
        let bits = usize::try_from(self.bits() >> 1).unwrap_or(0);
        bits.checked_rem(count).unwrap_or(0)
    }

    /// A number from `low` to `high`, both in.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let count = high.saturating_sub(low).saturating_add(1);
        let bits = i64::try_from(self.bits() >> 1).unwrap_or(0);
        low.saturating_add(bits.checked_rem(count).unwrap_or(0))
    }

    /// Whether something of so many in a hundred happens.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) >= 100_usize.saturating_sub(percent)
    }

    /// One of several.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        let at = self.below(of.len());
        of.get(at)
    }

    /// One of several words.
    pub fn word<'t>(&mut self, of: &[&'t str]) -> &'t str {
        self.one(of).copied().unwrap_or("")
    }
}
