//! Whatever is read is printed, read again as the same tree and printed as the
//! same text.

#![no_main]

use krites_lang::testing::print_law;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problem) = print_law(text) {
        panic!("{problem}\n--- text\n{text}");
    }
});
