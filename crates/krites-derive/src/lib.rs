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
///
/// What serde was told of names, skipped fields and flattened ones counts here too, where
/// nothing else is said; where serde writes a value in another way, as `serialize_with`
/// does, that has to be said here.
#[proc_macro_derive(Facts, attributes(facts, serde))]
pub fn derive_facts(input: TokenStream) -> TokenStream {
    let made = syn::parse(input).and_then(|input| facts::derive(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct what the outputs of a policy are read into, or an enum without data what
/// takes labels.
///
/// Of the type: `#[outputs(rename_all = "…")]`, with the cases of [`macro@Facts`]. Of a field:
/// `rename = "…"`, which may be dotted, `skip`, `flatten`, `deserialize`. Of a variant:
/// `rename = "…"`. What serde was told counts as for [`macro@Facts`].
#[proc_macro_derive(Outputs, attributes(outputs, serde))]
pub fn derive_outputs(input: TokenStream) -> TokenStream {
    let made = syn::parse(input).and_then(|input| outputs::derive(&input));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    #[test]
    fn what_is_wrong_with_a_type_is_told() {
        let cases: [(syn::DeriveInput, &str); 9] = [
            (
                parse_quote!(
                    struct Pair(i64, i64);
                ),
                "expected a struct whose fields have names: they are the names in the policy",
            ),
            (
                parse_quote!(union Either { a: i64, b: i64 }),
                "expected a struct with named fields, or an enum of labels",
            ),
            (
                parse_quote!(
                    enum Job {
                        Employed { since: i64 },
                    }
                ),
                "a label has no data: expected a variant without fields",
            ),
            (
                parse_quote!(
                    enum Job {
                        #[facts(skip)]
                        Employed,
                    }
                ),
                "a variant may have `#[facts(rename = \"…\")]` alone",
            ),
            (
                parse_quote!(
                    struct Case {
                        #[facts(name = "a")]
                        a: i64,
                    }
                ),
                "expected `rename = \"…\"`, `skip`, `flatten` or `display`",
            ),
            (
                parse_quote!(
                    struct Case {
                        #[facts(skip, rename = "a")]
                        a: i64,
                    }
                ),
                "of these, one alone has a meaning",
            ),
            (
                parse_quote!(
                    #[facts(rename_all = "Title Case")]
                    struct Case {
                        a: i64,
                    }
                ),
                "expected one of `lowercase`, `UPPERCASE`, `camelCase`, `PascalCase`, \
                 `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`",
            ),
            (
                parse_quote!(
                    struct Case {
                        #[serde(default, serialize_with = "pence")]
                        a: i64,
                    }
                ),
                "`serialize_with` of serde is not known here: say by `#[facts(…)]` what it is",
            ),
            (
                parse_quote!(
                    #[serde(transparent)]
                    struct Case {
                        a: i64,
                    }
                ),
                "`transparent` of serde is not known here: say by `#[facts(…)]` what it is",
            ),
        ];
        for (input, words) in cases {
            let found = super::facts::derive(&input).map(|made| made.to_string());
            let found = found.map_err(|error| error.to_string());
            assert_eq!(found, Err(words.to_owned()));
        }
    }

    #[test]
    fn what_serde_was_told_counts_where_nothing_else_is_said() {
        let input = parse_quote! {
            #[serde(rename_all(serialize = "camelCase", deserialize = "UPPERCASE"), bound(x = "y"))]
            struct Case {
                two_words: i64,
                #[serde(rename = "b", skip_serializing_if = "f")]
                a: i64,
                #[facts(rename = "own")]
                #[serde(rename = "other", serialize_with = "pence")]
                c: i64,
                #[serde(skip_serializing)]
                gone: i64,
                #[serde(skip_deserializing)]
                here: i64,
            }
        };
        let facts = super::facts::derive(&input).unwrap().to_string();
        for (name, there) in [
            ("\"twoWords\"", true),
            ("\"b\"", true),
            ("\"own\"", true),
            ("\"other\"", false),
            ("\"gone\"", false),
            ("\"here\"", true),
        ] {
            assert_eq!(facts.contains(name), there, "{name} in {facts}");
        }
        let outputs = super::outputs::derive(&input).unwrap().to_string();
        for (name, there) in [
            ("\"TWOWORDS\"", true),
            ("\"GONE\"", true),
            ("\"HERE\"", false),
            ("\"other\"", true),
        ] {
            assert_eq!(outputs.contains(name), there, "{name} in {outputs}");
        }
    }
}
