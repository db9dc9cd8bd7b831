//! A library file, read before it is loaded: loading runs its code, and a cut file ends the
//! process.
//!
//! Tells files that are none of ONNX Runtime from those that are. It does not tell good
//! ones from evil ones: whoever can write the file that is loaded can run code.

mod elf;
mod macho;
mod pe;

use std::fs::File;
use std::path::Path;

use object::FileKind;

use super::bounded::{Parts, Piece};
use super::error::LocateError;
use super::version::{Fit, Version};

/// The function that every library of ONNX Runtime exports
const ENTRY: &str = "OrtGetApiBase";

/// The largest file that is looked at
const MAX_LIBRARY: u64 = 2 << 30;

/// What a file tells of itself
#[derive(Debug, Default)]
struct Told {
    /// The format, as `ELF`
    format: &'static str,
    /// The machine it is for, in the words of [`std::env::consts::ARCH`]
    machine: String,
    /// Whether it exports the function, where that can be told
    has_entry: Option<bool>,
    version: Option<Version>,
}

/// Why a file is none
#[derive(Debug)]
enum Wrong {
    /// It ends before its own tables say
    Truncated,
    /// This is not a library
    NotALibrary(String),
}

impl From<object::read::Error> for Wrong {
    fn from(error: object::read::Error) -> Self {
        Self::NotALibrary(format!("its tables are damaged ({error})"))
    }
}

/// Reads which version a file is of; nothing where the file does not tell, and the library
/// has to be asked.
pub(super) fn read(path: &Path) -> Result<Option<Version>, LocateError> {
    let unreadable = |error: std::io::Error| LocateError::Unreadable {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(LocateError::NotALibrary {
            path: path.to_owned(),
            detail: "it is not a file".to_owned(),
        });
    }
    match metadata.len() {
        0 => {
            let path = path.to_owned();
            return Err(LocateError::Empty { path });
        }
        bytes if bytes > MAX_LIBRARY => {
            return Err(LocateError::TooLarge {
                path: path.to_owned(),
                bytes,
                most: MAX_LIBRARY,
            });
        }
        _ => {}
    }
    let parts = Parts::of(File::open(path).map_err(unreadable)?);
    let told = Piece::whole(&parts)
        .map_err(|()| Wrong::Truncated)
        .and_then(told);
    let told = match told {
        Ok(told) => told,
        // The loader has to say then what the file is
        Err(_) if parts.were_capped() => return Ok(None),
        Err(Wrong::Truncated) => {
            let path = path.to_owned();
            return Err(LocateError::Truncated { path });
        }
        Err(Wrong::NotALibrary(detail)) => {
            let path = path.to_owned();
            return Err(LocateError::NotALibrary { path, detail });
        }
    };
    judged(path, &told)
}

fn judged(path: &Path, told: &Told) -> Result<Option<Version>, LocateError> {
    let machine = std::env::consts::ARCH;
    if told.format != own_format() || told.machine != machine {
        return Err(LocateError::OtherMachine {
            path: path.to_owned(),
            found: format!("{} for {}", told.format, told.machine),
            needed: format!("{} for {machine}", own_format()),
        });
    }
    if told.has_entry == Some(false) {
        let path = path.to_owned();
        return Err(LocateError::NotOnnxRuntime { path });
    }
    match told.version {
        Some(version) => LocateError::of_fit(path, version.fit(), &version.to_string())
            .map_or(Ok(Some(version)), Err),
        None => Ok(None),
    }
}

impl LocateError {
    /// Says why a version cannot be used, where it cannot.
    pub(super) fn of_fit(path: &Path, fit: Fit, found: &str) -> Option<Self> {
        let (path, found) = (path.to_owned(), found.to_owned());
        match fit {
            Fit::Fits => None,
            Fit::TooOld => Some(Self::TooOld { path, found }),
            Fit::OtherMajor => Some(Self::OtherMajor { path, found }),
        }
    }
}

/// The format of this system's libraries
fn own_format() -> &'static str {
    match std::env::consts::OS {
        "windows" => "PE",
        "macos" | "ios" => "Mach-O",
        _ => "ELF",
    }
}

fn told(data: Piece<'_>) -> Result<Told, Wrong> {
    use object::read::ReadRef as _;
    let is_elf = data
        .read_bytes_at(0, 4)
        .is_ok_and(|head| head == b"\x7fELF");
    match FileKind::parse(data) {
        Ok(FileKind::Elf64) => elf::told::<object::elf::FileHeader64<_>>(data),
        Ok(FileKind::Elf32) => elf::told::<object::elf::FileHeader32<_>>(data),
        Ok(FileKind::MachO64) => macho::told(data),
        Ok(FileKind::MachOFat32) => macho::of_several::<object::macho::FatArch32>(data),
        Ok(FileKind::MachOFat64) => macho::of_several::<object::macho::FatArch64>(data),
        Ok(FileKind::Pe64) => pe::told(data),
        Ok(FileKind::MachO32 | FileKind::Pe32) => Ok(Told {
            format: "a library of 32 bits",
            machine: "another machine".to_owned(),
            ..Told::default()
        }),
        Err(_) if is_elf => Err(Wrong::Truncated),
        _ => Err(Wrong::NotALibrary(
            "it does not begin as libraries do".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests;
