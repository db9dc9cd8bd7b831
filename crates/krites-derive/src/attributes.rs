//! What stands in `#[facts(…)]` and `#[outputs(…)]`.

use syn::{Attribute, LitStr, Result};

use crate::words::Case;

/// Of a type
#[derive(Default)]
pub(crate) struct OfType {
    pub(crate) rename_all: Option<Case>,
}

/// Of a field or a variant
#[derive(Default)]
pub(crate) struct OfField {
    pub(crate) rename: Option<LitStr>,
    /// Left out
    pub(crate) skip: bool,
    /// Its fields lie beside those of the record it is in
    pub(crate) flatten: bool,
    /// By its text, or by its own way of being read
    pub(crate) by_text: bool,
}

impl OfType {
    pub(crate) fn read(name: &str, attributes: &[Attribute]) -> Result<OfType> {
        let mut found = OfType::default();
        for attribute in attributes
            .iter()
            .filter(|found| found.path().is_ident(name))
        {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("rename_all") {
                    return Err(meta.error("expected `rename_all = \"…\"`"));
                }
                found.rename_all = Some(Case::parse(&meta.value()?.parse()?)?);
                Ok(())
            })?;
        }
        Ok(found)
    }
}

impl OfField {
    /// Reads the attributes of a field, where `by_text` is a word that it may have.
    pub(crate) fn read(name: &str, by_text: &str, attributes: &[Attribute]) -> Result<OfField> {
        let mut found = OfField::default();
        for attribute in attributes
            .iter()
            .filter(|found| found.path().is_ident(name))
        {
            attribute.parse_nested_meta(|meta| {
                match &meta.path {
                    path if path.is_ident("rename") => {
                        found.rename = Some(meta.value()?.parse()?);
                    }
                    path if path.is_ident("skip") => found.skip = true,
                    path if path.is_ident("flatten") => found.flatten = true,
                    path if path.is_ident(by_text) => found.by_text = true,
                    _ => {
                        return Err(meta.error(format!(
                            "expected `rename = \"…\"`, `skip`, `flatten` or `{by_text}`"
                        )));
                    }
                }
                Ok(())
            })?;
            let alone = usize::from(found.skip)
                + usize::from(found.flatten)
                + usize::from(found.by_text || found.rename.is_some());
            if alone > 1 {
                let words = "of these, one alone has a meaning";
                return Err(syn::Error::new_spanned(attribute, words));
            }
        }
        Ok(found)
    }
}
