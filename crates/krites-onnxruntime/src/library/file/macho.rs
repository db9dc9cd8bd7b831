//! Libraries of macOS.

use object::macho::{self, LC_ID_DYLIB, MH_DYLIB, MachHeader64};
use object::read::macho::{FatArch, MachHeader as _, MachOFatFile, Nlist as _};
use object::{Endianness, read::ReadRef as _};

use super::{ENTRY, Piece, Told, Wrong};
use crate::library::version::Version;

/// A file with libraries for several machines: that for this one, else the first.
pub(super) fn of_several<Fat: FatArch>(data: Piece<'_>) -> Result<Told, Wrong> {
    let file = MachOFatFile::<Fat>::parse(data)?;
    let mut other = None;
    for part in file.arches().iter().take(16) {
        let (offset, size) = part.file_range();
        let told = told(data.piece(offset, size).ok_or(Wrong::Truncated)?)?;
        if told.machine == std::env::consts::ARCH {
            return Ok(told);
        }
        other = other.or(Some(told));
    }
    other.ok_or_else(|| Wrong::NotALibrary("it holds nothing".to_owned()))
}

pub(super) fn told(data: Piece<'_>) -> Result<Told, Wrong> {
    let header = MachHeader64::<Endianness>::parse(data, 0).map_err(|_| Wrong::Truncated)?;
    let endian = header.endian()?;
    if header.filetype(endian) != MH_DYLIB {
        let detail = "it is a program or a part of one, not a shared library";
        return Err(Wrong::NotALibrary(detail.to_owned()));
    }
    let mut told = Told {
        format: "Mach-O",
        machine: match header.cputype(endian) {
            macho::CPU_TYPE_ARM64 => "aarch64".to_owned(),
            macho::CPU_TYPE_X86_64 => "x86_64".to_owned(),
            other => format!("machine {}", other.0),
        },
        ..Told::default()
    };
    let len = data.len().map_err(|()| Wrong::Truncated)?;
    let mut commands = header.load_commands(endian, data, 0)?;
    while let Some(command) = commands.next()? {
        if let Some((segment, _)) = command.segment_64()? {
            let end = segment
                .fileoff
                .get(endian)
                .checked_add(segment.filesize.get(endian));
            if end.is_none_or(|end| end > len) {
                return Err(Wrong::Truncated);
            }
        }
        if command.cmd() == LC_ID_DYLIB {
            let library: &macho::DylibCommand<Endianness> = command.data()?;
            let version = library.dylib.current_version.get(endian).0;
            // 16 bits of major, 8 of minor, 8 of patch
            told.version = (version != 0).then_some(Version {
                major: version >> 16,
                minor: version >> 8 & 0xff,
                patch: version & 0xff,
            });
        }
        if let Some(table) = command.symtab()? {
            let symbols = table.symbols::<MachHeader64<Endianness>, _>(endian, data)?;
            let is_entry = |symbol: &macho::Nlist64<Endianness>| {
                let name = symbol.name(endian, symbols.strings()).unwrap_or_default();
                let name = name.strip_prefix(b"_").unwrap_or_default();
                !symbol.is_undefined() && !symbol.is_stab() && name == ENTRY.as_bytes()
            };
            told.has_entry = Some(symbols.iter().any(is_entry));
        }
    }
    Ok(told)
}
