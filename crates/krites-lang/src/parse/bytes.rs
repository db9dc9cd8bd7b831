//! From the bytes of a file to a source.

use super::limits::{MAX_BYTES, too_large};
use crate::scan::span;
use crate::{Code, Diagnostic, SourceId, Sources};

/// How many bytes are looked at to tell a binary file
const SNIFFED_BYTES: usize = 8192;

/// Adds a file's bytes as a source, without its byte order mark.
///
/// # Errors
///
/// Bytes that are more than 8 MiB, not UTF-8, or that hold a NUL are refused.
/// They are added all the same, unreadable parts replaced, so that the
/// diagnostic has a place; a file that is too large is added empty.
#[expect(
    clippy::result_large_err,
    reason = "called once a file; a diagnostic is data wherever it goes"
)]
pub fn source_from_bytes(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
) -> Result<SourceId, (SourceId, Diagnostic)> {
    if bytes.len() > MAX_BYTES {
        let source = sources.add(name, "");
        return Err((source, too_large(source)));
    }
    let mut bytes = bytes;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let nul = text.find('\0');
            let binary = looks_binary(text.as_bytes());
            let source = sources.add(name, text);
            match nul {
                None => Ok(source),
                Some(_) if binary => Err((source, not_text(source))),
                Some(at) => Err((source, nul_byte(source, at))),
            }
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
            let binary = looks_binary(bytes);
            let source = sources.add(name, String::from_utf8_lossy(bytes));
            let diagnostic = if utf_16 {
                not_utf_8(source, at).help("the file is saved as UTF-16; save it as UTF-8")
            } else if binary {
                not_text(source)
            } else {
                not_utf_8(source, at).help("save the file as UTF-8")
            };
            let line = sources
                .get(source)
                .map_or(1, |text| text.line_column(diagnostic_start(at)).0);
            let diagnostic = if binary && !utf_16 {
                diagnostic
            } else {
                diagnostic.label(format!("byte {at}, on line {line}"))
            };
            Err((source, diagnostic))
        }
    }
}

/// Tells a binary file by its control bytes: a tenth of the first bytes or more.
fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..SNIFFED_BYTES).unwrap_or(bytes);
    let controls = head
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
        .count();
    controls > 0 && controls * 10 >= head.len()
}

fn diagnostic_start(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn not_text(source: SourceId) -> Diagnostic {
    Diagnostic::error(Code(2), "not a text file", span(source, 0, 0))
        .help("a policy is a plain text file in UTF-8")
}

fn not_utf_8(source: SourceId, at: usize) -> Diagnostic {
    let replaced = char::REPLACEMENT_CHARACTER.len_utf8();
    Diagnostic::error(
        Code(2),
        "the file is not valid UTF-8",
        span(source, at, at + replaced),
    )
}

fn nul_byte(source: SourceId, at: usize) -> Diagnostic {
    Diagnostic::error(
        Code(3),
        "the file holds a NUL byte",
        span(source, at, at + 1),
    )
    .label(format!("byte {at}"))
    .help("remove the byte; a policy is plain text")
}
