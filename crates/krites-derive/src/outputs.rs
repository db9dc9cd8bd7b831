//! `#[derive(Outputs)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Error, Result, parse_quote};

use crate::attributes::Way;
use crate::generics::held_to;
use crate::shape::{self, Field, Shape, Variant, at};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    match shape::read(input, Way::Outputs)? {
        Shape::Record(fields) => Ok(record(input, &fields)),
        Shape::Labels(variants) if variants.is_empty() => Err(Error::new(
            input.ident.span(),
            "an enum without variants takes no label",
        )),
        Shape::Labels(variants) => Ok(labels(input, &variants)),
    }
}

fn record(input: &DeriveInput, fields: &[Field<'_>]) -> TokenStream {
    let taken = fields.iter().filter(|field| !field.attributes.skip);
    let plans = taken.map(
        |Field {
             ty,
             name,
             attributes,
             ..
         }| match attributes {
            found if found.flatten => quote_spanned! { at(ty) =>
                <#ty as ::krites::reading::Output>::plan(plan);
            },
            found if found.by_text => quote_spanned! { at(ty) =>
                plan.field_deserialized(#name);
            },
            _ => quote_spanned! { at(ty) => plan.field::<#ty>(#name); },
        },
    );
    let takes = fields.iter().map(
        |Field {
             ident,
             ty,
             attributes,
             ..
         }| match attributes {
            found if found.skip => quote_spanned! { at(ty) =>
                #ident: ::core::default::Default::default(),
            },
            found if found.by_text => quote_spanned! { at(ty) =>
                #ident: source.deserialize::<#ty>()?,
            },
            _ => quote_spanned! { at(ty) =>
                #ident: <#ty as ::krites::reading::Output>::take(source)?,
            },
        },
    );
    let ident = &input.ident;
    let generics = held_to(&input.generics, &[parse_quote!(::krites::reading::Output)]);
    let (parameters, ty, held) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #parameters ::krites::reading::Output for #ident #ty #held {
            const SCALAR: bool = false;

            fn plan(plan: &mut ::krites::reading::Plan<'_>) {
                plan.record(|plan| { let _ = &plan; #(#plans)* });
            }

            #[inline]
            fn take(
                source: &mut ::krites::reading::Source<'_>,
            ) -> ::core::result::Result<Self, ::krites::OutputsError> {
                let _ = &source;
                ::core::result::Result::Ok(Self { #(#takes)* })
            }
        }

        #[automatically_derived]
        impl #parameters ::krites::reading::Outputs for #ident #ty #held {}
    }
}

fn labels(input: &DeriveInput, variants: &[Variant<'_>]) -> TokenStream {
    let ident = &input.ident;
    let wires: Vec<&str> = variants.iter().map(|variant| &*variant.wire).collect();
    let idents = variants.iter().map(|variant| variant.ident);
    let (parameters, ty, held) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #parameters ::krites::reading::Output for #ident #ty #held {
            const SCALAR: bool = true;

            fn plan(plan: &mut ::krites::reading::Plan<'_>) {
                plan.labels(&[#(#wires),*]);
            }

            #[inline]
            fn take(
                source: &mut ::krites::reading::Source<'_>,
            ) -> ::core::result::Result<Self, ::krites::OutputsError> {
                let label = source.label()?;
                match label.text() {
                    #(#wires => ::core::result::Result::Ok(Self::#idents),)*
                    _ => ::core::result::Result::Err(label.unknown(&[#(#wires),*])),
                }
            }
        }
    }
}
