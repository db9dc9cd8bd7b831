//! Versions of ONNX Runtime, and which of them can be used.

use std::fmt;

/// A version, ordered by its numbers: 1.9 comes before 1.31
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) patch: u32,
}

/// What the needed version says of one that was found
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Fits,
    TooOld,
    OtherMajor,
}

impl Version {
    /// Reads `1.31.1`, `1.31` or `1.31.1-dev`; nothing where it begins otherwise.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.splitn(3, '.');
        let major = numbers.next()?.parse().ok()?;
        let minor = leading(numbers.next()?)?;
        let patch = numbers.next().and_then(leading).unwrap_or(0);
        Some(Self {
            major,
            minor,
            patch,
        })
    }

    pub(super) fn fit(self) -> Fit {
        match self.major {
            1 if self.minor < ort::MINOR_VERSION => Fit::TooOld,
            1 => Fit::Fits,
            _ => Fit::OtherMajor,
        }
    }
}

fn leading(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            major,
            minor,
            patch,
        } = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let version = |text| Version::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert!(version("1.9.0") < version("1.31"));
        assert!(version("1.31.2") < version("1.31.10-dev"));
        assert_eq!(version("1.31.1rc2").to_string(), "1.31.1");
        for (text, fit) in [
            ("1.16.3", Fit::TooOld),
            ("1.17", Fit::Fits),
            ("1.117.0", Fit::Fits),
            ("0.99.0", Fit::OtherMajor),
            ("2.31.1", Fit::OtherMajor),
        ] {
            assert_eq!(version(text).fit(), fit, "{text}");
        }
        for text in ["", "1", "so", "1.", "-1.2", "99999999999.1.1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
