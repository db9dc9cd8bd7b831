//! Faults of models: what each leads to under each handling, that none of them is taken
//! for "no match", and that each is counted once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/hosted.rs"]
mod hosted;

mod counts;
mod faulty;
mod handlings;
mod matrix;
mod outside;
