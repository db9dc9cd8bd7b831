//! Files of all kinds, written by hand or patched from the library that is installed.

use std::path::PathBuf;

use super::*;

/// A shared library as small as one can be that is read: a table of one symbol, with a
/// version.
struct Small {
    class: u8,
    file_type: u16,
    machine: u16,
    symbol: &'static str,
    version: &'static str,
}

impl Default for Small {
    fn default() -> Self {
        Self {
            class: 2,
            file_type: 3,
            machine: own_machine(),
            symbol: ENTRY,
            version: "VERS_1.31.1",
        }
    }
}

fn own_machine() -> u16 {
    match std::env::consts::ARCH {
        "aarch64" => 183,
        _ => 62,
    }
}

const HEADER: usize = 64;
const SECTION: usize = 64;

impl Small {
    fn bytes(&self) -> Vec<u8> {
        let mut texts = vec![0];
        let mut text = |text: &str| {
            let at = u32::try_from(texts.len()).unwrap_or_default();
            texts.extend(text.as_bytes());
            texts.push(0);
            at
        };
        let (symbol, version) = (text(self.symbol), text(self.version));
        let mut symbols = vec![0; 24];
        symbols.extend(symbol.to_le_bytes());
        // Global, a function, of section 1, at some place
        symbols.extend([0x12, 0, 1, 0]);
        symbols.extend(0x1000_u64.to_le_bytes());
        symbols.extend(16_u64.to_le_bytes());
        let of_symbols: Vec<u8> = [0_u16, 2].iter().flat_map(|i| i.to_le_bytes()).collect();
        // Version 1 of the structure, no flags, index 2, one name, hash, where it is, no next
        let mut versions: Vec<u8> = [1_u16, 0, 2, 1]
            .iter()
            .flat_map(|i| i.to_le_bytes())
            .collect();
        for word in [0_u32, 20, 0, version, 0] {
            versions.extend(word.to_le_bytes());
        }
        // Kind, link, info and size of an entry
        let parts: [(u32, u32, u32, u64, &[u8]); 4] = [
            (11, 2, 1, 24, &symbols),
            (3, 0, 0, 0, &texts),
            (0x6fff_ffff, 1, 0, 2, &of_symbols),
            (0x6fff_fffd, 2, 1, 0, &versions),
        ];
        let mut out = vec![0; HEADER + SECTION * (parts.len() + 1)];
        let mut put = |at: usize, bytes: &[u8]| {
            for (place, byte) in out.iter_mut().skip(at).zip(bytes) {
                *place = *byte;
            }
        };
        put(0, &[0x7f, b'E', b'L', b'F', self.class, 1, 1]);
        put(16, &self.file_type.to_le_bytes());
        put(18, &self.machine.to_le_bytes());
        put(20, &1_u32.to_le_bytes());
        put(40, &64_u64.to_le_bytes());
        put(52, &64_u16.to_le_bytes());
        put(54, &56_u16.to_le_bytes());
        put(58, &64_u16.to_le_bytes());
        put(60, &5_u16.to_le_bytes());
        put(62, &2_u16.to_le_bytes());
        let mut offset = HEADER + SECTION * (parts.len() + 1);
        for (idx, (kind, link, info, entry, bytes)) in parts.iter().enumerate() {
            let at = HEADER + SECTION * (idx + 1);
            let offset_bytes = u64::try_from(offset).unwrap_or_default().to_le_bytes();
            let size = u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes();
            put(at + 4, &kind.to_le_bytes());
            put(at + 24, &offset_bytes);
            put(at + 32, &size);
            put(at + 40, &link.to_le_bytes());
            put(at + 44, &info.to_le_bytes());
            put(at + 56, &entry.to_le_bytes());
            offset += bytes.len();
        }
        for (_, _, _, _, bytes) in parts {
            out.extend(bytes);
        }
        out
    }
}

/// A folder of one test, which goes with it
struct Folder(PathBuf);

impl Folder {
    fn of(test: &str) -> Self {
        let name = format!("krites-library-{}-{test}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{error}"));
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap_or_else(|error| panic!("{error}"));
        path
    }

    fn error(&self, name: &str, bytes: &[u8]) -> LocateError {
        match read(&self.file(name, bytes)) {
            Err(error) => error,
            Ok(told) => panic!("{name}: {told:?}"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_tells_its_version() {
    let folder = Folder::of("version");
    let told = read(&folder.file("good", &Small::default().bytes()));
    assert_eq!(told, Ok(Version::parse("1.31.1")));
    let silent = Small {
        version: "BASE",
        ..Small::default()
    };
    assert_eq!(read(&folder.file("silent", &silent.bytes())), Ok(None));
}

#[test]
#[cfg(target_os = "linux")]
fn each_kind_of_wrong_file_has_an_error_of_its_own() {
    let folder = Folder::of("wrong");
    let small = Small::default;
    let with = |small: Small| small.bytes();
    let words = |error: LocateError, kind: &str, words: &str| {
        assert!(format!("{error:?}").starts_with(kind), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    words(folder.error("empty", b""), "Empty", "it is empty");
    words(
        folder.error(
            "text",
            b"import onnxruntime\nprint(onnxruntime.__version__)\n",
        ),
        "NotALibrary",
        "does not begin as libraries do",
    );
    words(
        folder.error("short", b"#!"),
        "NotALibrary",
        "does not begin",
    );
    words(
        folder.error("head", b"\x7fELF\x02\x01\x01"),
        "Truncated",
        "ends before",
    );
    words(
        folder.error("archive", b"!<arch>\nmore of an archive"),
        "NotALibrary",
        "state the libonnxruntime file",
    );
    words(
        folder.error(
            "object",
            &with(Small {
                file_type: 1,
                ..small()
            }),
        ),
        "NotALibrary",
        "not a shared library",
    );
    words(
        folder.error(
            "machine",
            &with(Small {
                machine: 243,
                ..small()
            }),
        ),
        "OtherMachine",
        "it is ELF for riscv64",
    );
    words(
        folder.error(
            "symbol",
            &with(Small {
                symbol: "cosine",
                ..small()
            }),
        ),
        "NotOnnxRuntime",
        "without `OrtGetApiBase`",
    );
    words(
        folder.error(
            "old",
            &with(Small {
                version: "VERS_1.9.1",
                ..small()
            }),
        ),
        "TooOld",
        "is ONNX Runtime 1.9.1, and 1.17 or later is needed",
    );
    for version in ["VERS_2.31.1", "VERS_0.31.1"] {
        let number = version.trim_start_matches("VERS_");
        let error = folder.error("major", &with(Small { version, ..small() }));
        words(error, "OtherMajor", number);
    }
    let whole = small().bytes();
    words(
        folder.error("tables", whole.get(..100).unwrap_or_default()),
        "Truncated",
        "--force-reinstall",
    );
    let large = folder.file("large", b"\x7fELF");
    let opened = File::options().write(true).open(&large);
    opened
        .and_then(|file| file.set_len(MAX_LIBRARY + 1))
        .unwrap_or_else(|error| panic!("{error}"));
    words(
        read(&large).err().unwrap_or(LocateError::HostsOwn),
        "TooLarge",
        "no library has more than",
    );
    let device = read(Path::new("/dev/null")).err();
    words(
        device.unwrap_or(LocateError::HostsOwn),
        "NotALibrary",
        "it is not a file",
    );
}

#[test]
fn damaged_files_are_refused_or_read_and_never_panic() {
    let folder = Folder::of("damaged");
    let whole = Small::default().bytes();
    for end in 0..whole.len() {
        let _ = read(&folder.file("cut", whole.get(..end).unwrap_or_default()));
    }
    for at in 0..whole.len() {
        for value in [0, 0xff] {
            let mut bytes = whole.clone();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            let _ = read(&folder.file("changed", &bytes));
        }
    }
}

/// A table of symbols that claims to be as large as the file is, which is a hole: it is not
/// read.
#[test]
#[cfg(target_os = "linux")]
fn a_huge_table_is_left_to_the_loader() {
    let folder = Folder::of("huge");
    let mut bytes = Small::default().bytes();
    let size = (1_u64 << 30).to_le_bytes();
    let at = HEADER + SECTION + 32;
    for (place, byte) in bytes.iter_mut().skip(at).zip(size) {
        *place = byte;
    }
    let path = folder.file("huge", &bytes);
    let opened = File::options().write(true).open(&path);
    opened
        .and_then(|file| file.set_len(2 << 30))
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read(&path), Ok(None));
}

/// The library that is installed, patched. Skipped where there is none.
#[test]
#[cfg(target_os = "linux")]
fn the_installed_library_is_known_and_its_patched_copies_are_refused() {
    let Some(stated) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) else {
        return;
    };
    let folder = Folder::of("installed");
    let whole = std::fs::read(stated).unwrap_or_else(|error| panic!("{error}"));
    let good = folder.file("installed", &whole);
    let told = read(&good).unwrap_or_else(|error| panic!("{error}"));
    assert!(told.is_some_and(|version| version.major == 1));
    let patched = |from: &[u8], to: &[u8]| {
        let mut bytes = whole.clone();
        // Names stand near the beginning
        let mut windows = bytes.windows(from.len()).take(1 << 20);
        let at = windows.position(|window| window == from);
        let at = at.unwrap_or_else(|| panic!("{from:?}"));
        for (place, byte) in bytes.iter_mut().skip(at).zip(to) {
            *place = *byte;
        }
        bytes
    };
    let error = folder.error("installed", &patched(b"VERS_1.", b"VERS_2."));
    assert!(matches!(error, LocateError::OtherMajor { .. }), "{error}");
    let error = folder.error(
        "installed",
        &patched(b"OrtGetApiBase\0", b"OrtGetApiBasf\0"),
    );
    assert!(
        matches!(error, LocateError::NotOnnxRuntime { .. }),
        "{error}"
    );
    let half = whole.get(..whole.len() / 2).unwrap_or_default();
    let error = folder.error("installed", half);
    assert!(matches!(error, LocateError::Truncated { .. }), "{error}");
}

/// Looks at the libraries of all systems in a folder, from wheels unpacked, where
/// `KRITES_ONNXRUNTIME_LIBRARIES` names one.
#[test]
fn libraries_of_all_systems_tell_their_versions() {
    let Some(folder) = std::env::var_os("KRITES_ONNXRUNTIME_LIBRARIES") else {
        return;
    };
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let parts = Parts::of(File::open(entry.path()).unwrap_or_else(|e| panic!("{e}")));
        let told = told(Piece::whole(&parts).unwrap_or_else(|()| panic!("no length")));
        let told = told.unwrap_or_else(|wrong| panic!("{:?}: {wrong:?}", entry.path()));
        assert_eq!(told.has_entry, Some(true), "{told:?}");
        assert!(told.version.is_some(), "{told:?}");
        damage(&entry.path());
        seen.push(format!("{told:?}"));
    }
    assert!(!seen.is_empty());
    seen.sort();
    println!("{}", seen.join("\n"));
}

/// Changes a byte of a copy, reads it, and changes it back: nothing panics, and nothing takes
/// long, whatever tables say then. Tables stand at the beginning and the end of files.
fn damage(library: &Path) {
    use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
    let folder = Folder::of("damage");
    let copy = folder.0.join("copy");
    let ran = (|| -> std::io::Result<()> {
        let len = std::fs::copy(library, &copy)?;
        let mut file = File::options().read(true).write(true).open(&copy)?;
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for round in 0..60 {
            let at = match round % 3 {
                0 => random(1 << 10),
                1 => random(1 << 16),
                _ => len - 1 - random(1 << 12),
            };
            let mut byte = [0];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut byte)?;
            let put = |file: &mut File, byte: u8| {
                file.seek(SeekFrom::Start(at))?;
                file.write_all(&[byte])
            };
            put(&mut file, u8::try_from(random(256)).unwrap_or_default())?;
            let _ = read(&copy);
            let parts = Parts::of(File::open(&copy)?);
            let _ = Piece::whole(&parts).map(told);
            let [byte] = byte;
            put(&mut file, byte)?;
        }
        Ok(())
    })();
    ran.unwrap_or_else(|error| panic!("{error}"));
}
