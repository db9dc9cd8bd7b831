//! The parameters of a type: the type itself without borrows, and what its own are held to.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, GenericParam, Generics, Path, parse_quote};

/// The type with `'static` in the place of its lifetimes.
pub(crate) fn without_borrows(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let parameters = input
        .generics
        .params
        .iter()
        .map(|parameter| match parameter {
            GenericParam::Lifetime(_) => quote!('static),
            GenericParam::Type(ty) => {
                let ident = &ty.ident;
                quote!(#ident)
            }
            GenericParam::Const(constant) => {
                let ident = &constant.ident;
                quote!(#ident)
            }
        });
    quote!(#ident<#(#parameters),*>)
}

/// The parameters, types held to these traits.
pub(crate) fn held_to(generics: &Generics, traits: &[Path]) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        for held in traits {
            parameter.bounds.push(parse_quote!(#held));
        }
    }
    generics
}

/// The types of the parameters, held to `'static` besides.
pub(crate) fn held_static(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!('static));
    }
    generics
}
