//! Libraries of Windows.

use object::pe::{
    IMAGE_DIRECTORY_ENTRY_RESOURCE, IMAGE_FILE_DLL, IMAGE_FILE_MACHINE_AMD64,
    IMAGE_FILE_MACHINE_ARM64, ImageNtHeaders64,
};
use object::read::pe::PeFile;
use object::{LittleEndian as LE, read::ReadRef as _};

use super::{ENTRY, Piece, Told, Wrong};
use crate::library::version::Version;

/// What a `VS_FIXEDFILEINFO` begins with, in the resources of a file
const FIXED_FILE_INFO: [u8; 4] = 0xFEEF_04BD_u32.to_le_bytes();

pub(super) fn told(data: Piece<'_>) -> Result<Told, Wrong> {
    let file = PeFile::<ImageNtHeaders64, _>::parse(data)?;
    let header = &file.nt_headers().file_header;
    if header.characteristics.get(LE).0 & IMAGE_FILE_DLL.0 == 0 {
        let detail = "it is a program, not a shared library";
        return Err(Wrong::NotALibrary(detail.to_owned()));
    }
    let len = data.len().map_err(|()| Wrong::Truncated)?;
    let sections = file.section_table();
    for section in sections.iter() {
        let (offset, size) = section.pe_file_range();
        if u64::from(offset) + u64::from(size) > len {
            return Err(Wrong::Truncated);
        }
    }
    let machine = match header.machine.get(LE) {
        IMAGE_FILE_MACHINE_AMD64 => "x86_64".to_owned(),
        IMAGE_FILE_MACHINE_ARM64 => "aarch64".to_owned(),
        other => format!("machine {}", other.0),
    };
    let exports = file.export_table()?;
    let has_entry = exports.is_some_and(|exports| {
        let mut names = exports.name_iter();
        names.any(|(name, _)| exports.name_from_pointer(name) == Ok(ENTRY.as_bytes()))
    });
    let resources = file
        .data_directory(IMAGE_DIRECTORY_ENTRY_RESOURCE)
        .and_then(|directory| directory.data(data, &sections).ok());
    Ok(Told {
        format: "PE",
        machine,
        has_entry: Some(has_entry),
        version: resources.and_then(version),
    })
}

/// Reads the version of the file: behind the signature and a version of the structure, 16
/// bits each of minor, major, what comes behind it, and patch.
fn version(resources: &[u8]) -> Option<Version> {
    let at = resources
        .windows(FIXED_FILE_INFO.len())
        .position(|window| window == FIXED_FILE_INFO)?;
    let number = |offset: usize| {
        let bytes = resources.get(at + offset..at + offset + 2)?;
        Some(u32::from(u16::from_le_bytes(bytes.try_into().ok()?)))
    };
    Some(Version {
        major: number(10)?,
        minor: number(8)?,
        patch: number(14)?,
    })
}
