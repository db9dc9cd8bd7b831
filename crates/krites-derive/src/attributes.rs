//! What stands in `#[facts(…)]` and `#[outputs(…)]`, and behind it in `#[serde(…)]`.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, Expr, LitStr, Result, Token, parenthesized};

use crate::words::Case;

/// Which of the two derives reads the attributes
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Facts,
    Outputs,
}

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

impl Way {
    /// The name of its attribute
    pub(crate) fn name(self) -> &'static str {
        match self {
            Way::Facts => "facts",
            Way::Outputs => "outputs",
        }
    }

    /// The word for a field that has a way of its own
    fn by_text(self) -> &'static str {
        match self {
            Way::Facts => "display",
            Way::Outputs => "deserialize",
        }
    }

    /// Words of serde that say the same as `rename`, `skip` and the like
    fn of_serde(self) -> (&'static str, &'static str) {
        match self {
            Way::Facts => ("serialize", "skip_serializing"),
            Way::Outputs => ("deserialize", "skip_deserializing"),
        }
    }

    /// Words of serde that make something else of a value
    fn otherwise(self) -> &'static [&'static str] {
        match self {
            Way::Facts => &[
                "with",
                "serialize_with",
                "into",
                "transparent",
                "tag",
                "untagged",
            ],
            Way::Outputs => &[
                "with",
                "deserialize_with",
                "from",
                "try_from",
                "transparent",
                "tag",
                "untagged",
            ],
        }
    }
}

impl OfType {
    pub(crate) fn read(way: Way, attributes: &[Attribute]) -> Result<OfType> {
        let mut found = OfType::default();
        let of_serde = serde(way, attributes, |word, value| {
            if word == "rename_all" {
                found.rename_all = Some(Case::parse(value)?);
            }
            Ok(())
        })?;
        let mut own = false;
        for attribute in named(attributes, way.name()) {
            own = true;
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("rename_all") {
                    return Err(meta.error("expected `rename_all = \"…\"`"));
                }
                found.rename_all = Some(Case::parse(&meta.value()?.parse()?)?);
                Ok(())
            })?;
        }
        match of_serde.otherwise {
            Some(error) if !own => Err(error),
            _ => Ok(found),
        }
    }
}

impl OfField {
    pub(crate) fn read(way: Way, attributes: &[Attribute]) -> Result<OfField> {
        let mut own = OfField::default();
        let mut all = named(attributes, way.name()).peekable();
        let is_own = all.peek().is_some();
        for attribute in all {
            attribute.parse_nested_meta(|meta| own.word(way, &meta))?;
            let alone = usize::from(own.skip)
                + usize::from(own.flatten)
                + usize::from(own.by_text || own.rename.is_some());
            if alone > 1 {
                let words = "of these, one alone has a meaning";
                return Err(Error::new_spanned(attribute, words));
            }
        }
        let mut rename = None;
        let of_serde = serde(way, attributes, |word, value| {
            if word == "rename" {
                rename = Some(value.clone());
            }
            Ok(())
        })?;
        match of_serde.otherwise {
            Some(error) if !is_own => return Err(error),
            _ => {}
        }
        if own.skip || own.flatten {
            return Ok(own);
        }
        Ok(OfField {
            skip: of_serde.skip && !is_own,
            flatten: of_serde.flatten && !is_own,
            rename: own.rename.or(rename),
            by_text: own.by_text,
        })
    }

    fn word(&mut self, way: Way, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match &meta.path {
            path if path.is_ident("rename") => self.rename = Some(meta.value()?.parse()?),
            path if path.is_ident("skip") => self.skip = true,
            path if path.is_ident("flatten") => self.flatten = true,
            path if path.is_ident(way.by_text()) => self.by_text = true,
            _ => {
                return Err(meta.error(format!(
                    "expected `rename = \"…\"`, `skip`, `flatten` or `{}`",
                    way.by_text()
                )));
            }
        }
        Ok(())
    }
}

fn named<'a>(attributes: &'a [Attribute], name: &str) -> impl Iterator<Item = &'a Attribute> {
    attributes
        .iter()
        .filter(move |attribute| attribute.path().is_ident(name))
}

/// What serde was told of a type or field
#[derive(Default)]
struct OfSerde {
    skip: bool,
    flatten: bool,
    /// What is not as the type says
    otherwise: Option<Error>,
}

/// Reads what serde was told: `rename` and `rename_all` go to `renamed`.
fn serde(
    way: Way,
    attributes: &[Attribute],
    mut renamed: impl FnMut(&str, &LitStr) -> Result<()>,
) -> Result<OfSerde> {
    let (direction, skip) = way.of_serde();
    let mut found = OfSerde::default();
    for attribute in named(attributes, "serde") {
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string);
            let word = word.unwrap_or_default();
            found.skip |= word == "skip" || word == skip;
            found.flatten |= word == "flatten";
            if way.otherwise().contains(&&*word) {
                found.otherwise = Some(meta.error(format!(
                    "`{word}` of serde is not known here: say by `#[{}(…)]` what it is",
                    way.name()
                )));
            }
            let is_name = word == "rename" || word == "rename_all";
            if meta.input.peek(Token![=]) {
                let value: Expr = meta.value()?.parse()?;
                if is_name {
                    renamed(&word, &text(&value)?)?;
                }
            } else if meta.input.peek(syn::token::Paren) && is_name {
                meta.parse_nested_meta(|one| {
                    let value: LitStr = one.value()?.parse()?;
                    if one.path.is_ident(direction) {
                        renamed(&word, &value)?;
                    }
                    Ok(())
                })?;
            } else if meta.input.peek(syn::token::Paren) {
                let inside;
                parenthesized!(inside in meta.input);
                inside.parse::<proc_macro2::TokenStream>()?;
            }
            Ok(())
        })?;
    }
    Ok(found)
}

fn text(value: &Expr) -> Result<LitStr> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Ok(text.clone()),
            other => Err(Error::new_spanned(other, "expected text")),
        },
        other => Err(Error::new_spanned(other, "expected text")),
    }
}
