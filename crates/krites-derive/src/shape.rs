//! What a type is: a record of named fields, or labels.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, Result, Type};

use crate::attributes::{OfField, OfType, Way};

/// What a type is
pub(crate) enum Shape<'i> {
    Record(Vec<Field<'i>>),
    Labels(Vec<Variant<'i>>),
}

/// A field, by its name on the wire
pub(crate) struct Field<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) ty: &'i Type,
    pub(crate) name: String,
    pub(crate) attributes: OfField,
}

/// A variant, by its text on the wire
pub(crate) struct Variant<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) wire: String,
}

/// Reads what a type is.
pub(crate) fn read(input: &DeriveInput, way: Way) -> Result<Shape<'_>> {
    let of_type = OfType::read(way, &input.attrs)?;
    let wire = |ident: &Ident, attributes: &OfField| match (&attributes.rename, of_type.rename_all)
    {
        (Some(rename), _) => rename.value(),
        (None, Some(case)) => case.apply(&ident.unraw().to_string()),
        (None, None) => ident.unraw().to_string(),
    };
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                let fields = fields.named.iter().filter_map(|field| {
                    let ident = field.ident.as_ref()?;
                    let attributes = OfField::read(way, &field.attrs);
                    Some(attributes.map(|attributes| Field {
                        ident,
                        ty: &field.ty,
                        name: wire(ident, &attributes),
                        attributes,
                    }))
                });
                Ok(Shape::Record(fields.collect::<Result<_>>()?))
            }
            Fields::Unnamed(_) | Fields::Unit => Err(Error::new(
                input.ident.span(),
                "expected a struct whose fields have names: they are the names in the policy",
            )),
        },
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|variant| {
                if !matches!(variant.fields, Fields::Unit) {
                    return Err(Error::new_spanned(
                        &variant.fields,
                        "a label has no data: expected a variant without fields",
                    ));
                }
                let attributes = OfField::read(way, &variant.attrs)?;
                if attributes.skip || attributes.flatten || attributes.by_text {
                    let words = format!(
                        "a variant may have `#[{}(rename = \"…\")]` alone",
                        way.name()
                    );
                    return Err(Error::new_spanned(variant, words));
                }
                Ok(Variant {
                    ident: &variant.ident,
                    wire: wire(&variant.ident, &attributes),
                })
            });
            Ok(Shape::Labels(variants.collect::<Result<_>>()?))
        }
        Data::Union(_) => Err(Error::new(
            input.ident.span(),
            "expected a struct with named fields, or an enum of labels",
        )),
    }
}

/// The place of a type, with the names that are known where the derive stands.
pub(crate) fn at(ty: &Type) -> Span {
    ty.span().resolved_at(Span::call_site())
}
