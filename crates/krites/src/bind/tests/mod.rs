//! What each way of binding takes and refuses.

mod columns;
mod fast;
mod json;
mod typed;
