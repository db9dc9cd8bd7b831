//! `#[derive(Facts)]` and `#[derive(Outputs)]`, which `krites` exports: what a host's type
//! is, field by field.
//!
//! Invariant: no logic of binding here; what is written calls `krites::facts` and
//! `krites::results`, a call a field.

mod attributes;
mod facts;
mod generics;
mod outputs;
mod shape;
mod words;

use proc_macro::TokenStream;

/// Makes a struct facts of a policy, or an enum without data the labels of an input.
///
/// Of the type: `#[facts(rename_all = "…")]`, with `lowercase`, `UPPERCASE`, `camelCase`,
/// `PascalCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case` or
/// `SCREAMING-KEBAB-CASE`. Of a field: `rename = "…"`, which may be dotted, `skip`,
/// `flatten`, `display`. Of a variant: `rename = "…"`.
#[proc_macro_derive(Facts, attributes(facts))]
pub fn derive_facts(input: TokenStream) -> TokenStream {
    let made = syn::parse(input).and_then(|input| facts::derive(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct what the outputs of a policy are read into, or an enum without data what
/// takes labels.
///
/// Of the type: `#[outputs(rename_all = "…")]`, with the cases of [`macro@Facts`]. Of a field:
/// `rename = "…"`, which may be dotted, `skip`, `flatten`, `deserialize`. Of a variant:
/// `rename = "…"`.
#[proc_macro_derive(Outputs, attributes(outputs))]
pub fn derive_outputs(input: TokenStream) -> TokenStream {
    let made = syn::parse(input).and_then(|input| outputs::derive(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}
