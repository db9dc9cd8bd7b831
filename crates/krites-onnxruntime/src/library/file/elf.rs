//! Libraries of Linux and its relatives.

use object::elf::{self, PT_LOAD, SHT_DYNSYM};
use object::read::elf::{FileHeader, ProgramHeader as _, Sym as _};
use object::{Endianness, SymbolIndex};

use super::{ENTRY, Piece, Told, Wrong};
use crate::library::version::Version;

pub(super) fn told<Header>(data: Piece<'_>) -> Result<Told, Wrong>
where
    Header: FileHeader<Endian = Endianness>,
{
    use object::read::ReadRef as _;
    let header = Header::parse(data).map_err(|_| Wrong::Truncated)?;
    let endian = header.endian()?;
    let mut told = Told {
        format: "ELF",
        machine: machine(header.e_machine(endian)),
        ..Told::default()
    };
    if header.e_type(endian) != elf::ET_DYN {
        let detail = "it is a program or a part of one, not a shared library";
        return Err(Wrong::NotALibrary(detail.to_owned()));
    }
    let len = data.len().map_err(|()| Wrong::Truncated)?;
    let ends_within =
        |offset: u64, size: u64| offset.checked_add(size).is_some_and(|end| end <= len);
    let whole = |ends: bool| if ends { Ok(()) } else { Err(Wrong::Truncated) };
    let table = |count: u16, size: u16| u64::from(count) * u64::from(size);
    let segments = table(header.e_phnum(endian), header.e_phentsize(endian));
    whole(ends_within(header.e_phoff(endian).into(), segments))?;
    let sections = table(header.e_shnum(endian), header.e_shentsize(endian));
    whole(ends_within(header.e_shoff(endian).into(), sections))?;
    // What is mapped beyond the end of a file ends the process where it is read
    for segment in header.program_headers(endian, data)? {
        if segment.p_type(endian) == PT_LOAD {
            let (offset, size) = (segment.p_offset(endian), segment.p_filesz(endian));
            whole(ends_within(offset.into(), size.into()))?;
        }
    }
    let sections = header.sections(endian, data)?;
    let symbols = sections.symbols(endian, data, SHT_DYNSYM)?;
    if symbols.is_empty() {
        // A library may do without the table of sections, by which they are found
        return Ok(told);
    }
    let entry = symbols.enumerate().find(|(_, symbol)| {
        let name = symbol.name(endian, symbols.strings());
        !symbol.is_undefined(endian) && name.is_ok_and(|name| name == ENTRY.as_bytes())
    });
    told.has_entry = Some(entry.is_some());
    told.version = entry.and_then(|(index, _)| {
        let index: SymbolIndex = index;
        let versions = sections.versions(endian, data).ok()??;
        let version = versions.version_index(endian, index).index();
        let name = versions.version(version).ok()??.name();
        Version::parse(std::str::from_utf8(name).ok()?.strip_prefix("VERS_")?)
    });
    Ok(told)
}

fn machine(machine: elf::Machine) -> String {
    let name = match machine {
        elf::EM_X86_64 => "x86_64",
        elf::EM_AARCH64 => "aarch64",
        elf::EM_386 => "x86",
        elf::EM_ARM => "arm",
        elf::EM_RISCV => "riscv64",
        elf::EM_PPC64 => "powerpc64",
        elf::EM_S390 => "s390x",
        elf::EM_LOONGARCH => "loongarch64",
        other => return format!("machine {}", other.0),
    };
    name.to_owned()
}
