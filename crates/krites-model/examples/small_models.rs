//! Writes the small models of the tests into a folder, each behind a zero byte: what the
//! fuzz target `import` begins with.

#![allow(clippy::unwrap_used, reason = "a tool of the tests")]

#[path = "../tests/families/mod.rs"]
mod families;

use std::path::PathBuf;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    for (idx, (_, bytes)) in families::all().into_iter().enumerate() {
        let seed = [vec![0], bytes].concat();
        std::fs::write(folder.join(format!("model-{idx}")), seed).unwrap();
    }
}
