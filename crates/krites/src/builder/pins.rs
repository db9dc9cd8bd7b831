//! Files of a release that are held to hashes which somebody else states: compared before
//! any of them is taken apart.

use std::collections::BTreeMap;

use super::{Given, ReleaseBuilder};
use crate::part::Fingerprint;

/// The hashes, by the names that the release has for the files
pub(super) type Pins = BTreeMap<String, Fingerprint>;

/// What the release has under a name
enum Held {
    /// A file of this hash
    File(Fingerprint),
    /// One that cannot be read, which is told elsewhere
    Unreadable,
}

/// A file that is not what it is pinned to
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinMismatch {
    /// The file, under the name that it is pinned by
    pub file: String,
    /// The hash that it is pinned to
    pub expected: Fingerprint,
    /// That of its content; nothing where the release has no file of this name
    pub found: Option<Fingerprint>,
}

impl std::fmt::Display for PinMismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            file,
            expected,
            found,
        } = self;
        match found {
            Some(found) => write!(
                f,
                "`{file}` is pinned to {expected}, and its content has the hash {found}; give \
                 the file that was approved, or approve this one and pin its hash"
            ),
            None => write!(
                f,
                "`{file}` is pinned to {expected}, and the release has no file of this name; pin \
                 it by the name that policies have for it, or not at all"
            ),
        }
    }
}

impl ReleaseBuilder {
    /// Pins a file to the BLAKE3 hash of its bytes, as an inventory of approved models has
    /// it: with other bytes there is no release, and they are not taken apart.
    ///
    /// `file` is a model, a policy, a file of names, of a table, lookup or list, or one
    /// beside a model, under the name that the release has for it. A model of the host is
    /// held to the hash of what it gave as its content. Pins are of one build: a derived
    /// release has none.
    ///
    /// [`ReleaseBuilder::build`] refuses with [`LoadErrorKind::Pinned`](crate::LoadErrorKind::Pinned), also where there
    /// is no file of this name. [`ReleaseBuilder::from_path`] has looked through the texts
    /// of policies then, for the names of their files, and at nothing else.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use krites::ReleaseBuilder;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let approved = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
    /// let release = ReleaseBuilder::from_path("loan".as_ref())?
    ///     .pinned("models/risk.onnx", approved.parse()?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pinned(mut self, file: impl Into<String>, hash: Fingerprint) -> Self {
        self.pins.insert(file.into(), hash);
        self
    }

    /// Compares each pin with what is held under its name, in the order of the names.
    pub(super) fn mismatches(&self) -> Vec<PinMismatch> {
        let mismatch = |(file, expected): (&String, &Fingerprint)| {
            let found = match self.held(file) {
                Some(Held::File(found)) if found == *expected => return None,
                Some(Held::File(found)) => Some(found),
                Some(Held::Unreadable) => return None,
                None => None,
            };
            Some(PinMismatch {
                file: file.clone(),
                expected: *expected,
                found,
            })
        };
        self.pins.iter().filter_map(mismatch).collect()
    }

    /// What the release has under a name
    fn held(&self, file: &str) -> Option<Held> {
        if let Some(policy) = self.policies.get(file) {
            return Some(Held::File(policy.hash));
        }
        match self.models.get(file) {
            Some(Given::Bytes(bytes)) => return Some(Held::File(Fingerprint::of(bytes))),
            Some(Given::Part(part)) => return Some(Held::File(part.hash)),
            Some(Given::Host { hash, .. }) => return Some(Held::File(*hash)),
            Some(Given::Unreadable(_)) => return Some(Held::Unreadable),
            None => {}
        }
        match self.modules.content(file) {
            Some(Ok((_, hash))) => return Some(Held::File(hash)),
            Some(Err(_)) => return Some(Held::Unreadable),
            None => {}
        }
        // Of these a release before has kept what it made of them
        let mut data = self.loaded.values();
        let of_data = data.find(|part| part.file() == file).map(|part| part.hash);
        let mut beside = self.models.values().filter_map(|given| match given {
            Given::Part(part)
            | Given::Host {
                before: Some(part), ..
            } => part.beside.hashes().find(|(path, _)| *path == file),
            _ => None,
        });
        let of_beside = || beside.next().map(|(_, hash)| hash);
        of_data.or_else(of_beside).map(Held::File)
    }
}

/// The first mismatch, and how many more there are
pub(crate) fn told(mismatches: &[PinMismatch]) -> String {
    match mismatches {
        [] => "a file is not what it is pinned to".to_owned(),
        [only] => only.to_string(),
        [first, more @ ..] => format!("{first} (and {} more)", more.len()),
    }
}
