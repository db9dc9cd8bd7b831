//! Buffers that grow with the cases: another frame takes them over where decisions go on
//! with it.

use super::Frame;

impl Frame {
    /// Changes the buffers that grow with the cases, of whatever program, for those of
    /// another frame, where these have more room: so a new frame has room at once for
    /// cases such as the other one met. Both frames want a
    /// [`begin`](crate::Program::begin) before anything else.
    pub fn take_room(&mut self, other: &mut Frame) {
        for (own, other) in [
            (&mut self.arena, &mut other.arena),
            (&mut self.scratch, &mut other.scratch),
            (&mut self.buffer, &mut other.buffer),
        ] {
            if own.capacity() < other.capacity() {
                std::mem::swap(own, other);
            }
        }
        larger(&mut self.faults, &mut other.faults);
        larger(&mut self.rules.faults, &mut other.rules.faults);
        larger(&mut self.arguments, &mut other.arguments);
        larger(&mut self.spoken, &mut other.spoken);
        larger(&mut self.reasons, &mut other.reasons);
        larger(&mut self.tagged, &mut other.tagged);
        larger(&mut self.tags, &mut other.tags);
        larger(&mut self.shortfalls, &mut other.shortfalls);
        larger(
            &mut self.contribution_values,
            &mut other.contribution_values,
        );
        larger(&mut self.by_contribution, &mut other.by_contribution);
    }
}

fn larger<T>(own: &mut Vec<T>, other: &mut Vec<T>) {
    if own.capacity() < other.capacity() {
        std::mem::swap(own, other);
    }
}
