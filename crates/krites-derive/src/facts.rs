//! `#[derive(Facts)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Result, parse_quote};

use crate::attributes::Way;
use crate::generics::{held_static, held_to, without_borrows};
use crate::shape::{self, Field, Shape, Variant, at};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    match shape::read(input, Way::Facts)? {
        Shape::Record(fields) => Ok(record(input, &fields)),
        Shape::Labels(variants) => Ok(labels(input, &variants)),
    }
}

fn record(input: &DeriveInput, fields: &[Field<'_>]) -> TokenStream {
    let given = || fields.iter().filter(|field| !field.attributes.skip);
    let plans = given().map(
        |Field {
             ty,
             name,
             attributes,
             ..
         }| {
            // What is wrong with a field's type is told at the type.
            match attributes {
                found if found.flatten => quote_spanned! { at(ty) =>
                    <#ty as ::krites::facts::Fact>::plan(plan);
                },
                found if found.by_text => quote_spanned! { at(ty) =>
                    plan.field_by_text(#name);
                },
                _ => quote_spanned! { at(ty) => plan.field::<#ty>(#name); },
            }
        },
    );
    let puts = given().map(
        |Field {
             ident,
             ty,
             attributes,
             ..
         }| {
            if attributes.by_text {
                quote_spanned! { at(ty) =>
                    sink.display(&self.#ident);
                }
            } else {
                quote_spanned! { at(ty) => ::krites::facts::Fact::put(&self.#ident, sink); }
            }
        },
    );
    let (ident, itself) = (&input.ident, without_borrows(input));
    let name = ident.to_string();
    let generics = held_to(&input.generics, &[parse_quote!(::krites::facts::Fact)]);
    let (parameters, ty, held) = generics.split_for_impl();
    let lasting = held_static(&generics);
    let (lasting, _, _) = lasting.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #parameters ::krites::facts::Fact for #ident #ty #held {
            const SCALAR: bool = false;

            fn plan(plan: &mut ::krites::facts::Plan<'_>) {
                plan.record(#name, |plan| { let _ = &plan; #(#plans)* });
            }

            #[inline]
            fn put(&self, sink: &mut ::krites::facts::Sink<'_>) {
                let _ = &sink;
                #(#puts)*
            }
        }

        #[automatically_derived]
        impl #lasting ::krites::facts::Facts for #ident #ty #held {
            type Static = #itself;
        }
    }
}

fn labels(input: &DeriveInput, variants: &[Variant<'_>]) -> TokenStream {
    let ident = &input.ident;
    let wires: Vec<&str> = variants.iter().map(|variant| &*variant.wire).collect();
    let idents = variants.iter().map(|variant| variant.ident);
    let positions = 0_usize..;
    let (parameters, ty, held) = input.generics.split_for_impl();
    let arms = idents
        .zip(positions)
        .zip(&wires)
        .map(|((variant, position), wire)| quote!(#ident::#variant => (#position, #wire),));
    quote! {
        #[automatically_derived]
        impl #parameters ::krites::facts::Fact for #ident #ty #held {
            const SCALAR: bool = true;

            fn plan(plan: &mut ::krites::facts::Plan<'_>) {
                plan.labels(&[#(#wires),*]);
            }

            #[inline]
            fn put(&self, sink: &mut ::krites::facts::Sink<'_>) {
                let (position, wire) = match *self { #(#arms)* };
                sink.label(position, wire);
            }
        }
    }
}
