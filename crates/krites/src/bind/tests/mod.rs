//! What each way of binding takes and refuses.

mod columns;
mod json;
mod typed;
