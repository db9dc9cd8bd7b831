//! The canonical bytes of a result: JSON without blanks, numbers as text.
//! Invariant: all of it is read from the decision; the same result is the same bytes.

use std::io::{self, Write as _};

use krites_lang::OutputValue;

use super::{RECORD_FORMAT, asked, group, shadow};
use crate::decision::Decision;

/// Writes the canonical bytes of a result.
pub(crate) fn canonical(decision: &Decision<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    // Writing to memory does not fail.
    let _ = write_canonical(decision, &mut bytes);
    bytes
}

pub(super) fn write_canonical(decision: &Decision<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (name, version) = decision.policy();
    let frame = decision.frame;
    write!(out, "{{\"format\":{RECORD_FORMAT},\"policy\":")?;
    write_text(out, name)?;
    out.write_all(b",\"version\":")?;
    write_optional(out, version)?;
    out.write_all(b",\"decision_date\":")?;
    write_optional(
        out,
        decision
            .program()
            .decision_date(frame)
            .map(|date| date.to_string())
            .as_deref(),
    )?;
    out.write_all(b",\"outcome\":")?;
    write_text(out, decision.outcome())?;
    out.write_all(b",\"decided\":")?;
    write_values(out, decision.decided())?;
    out.write_all(b",\"outputs\":")?;
    write_values(out, decision.outputs())?;
    out.write_all(b",\"reasons\":[")?;
    for (position, reason) in decision.reasons().enumerate() {
        separate(out, position)?;
        write_text(out, reason.code)?;
    }
    out.write_all(b"],\"tags\":[")?;
    for (position, tag) in decision.tags().enumerate() {
        separate(out, position)?;
        write_text(out, tag)?;
    }
    out.write_all(b"],\"spoken\":[")?;
    for (position, voice) in decision.spoken().enumerate() {
        separate(out, position)?;
        out.write_all(b"{\"by\":")?;
        write_text(out, voice.name)?;
        if let Some(row) = voice.row {
            out.write_all(b",\"row\":")?;
            write_text(out, row)?;
        }
        if voice.fault {
            out.write_all(b",\"fault\":true")?;
        }
        out.write_all(b",\"for\":")?;
        write_text(out, voice.outcome)?;
        out.write_all(b",\"because\":")?;
        write_optional(out, voice.because)?;
        out.write_all(b"}")?;
    }
    out.write_all(b"],\"answers\":")?;
    write_values(out, decision.answers())?;
    group::write_asked(decision, out)?;
    asked::write_asked_policies(decision, out)?;
    shadow::write_shadow(decision, out)?;
    out.write_all(b"}")
}

pub(super) fn write_values<'a>(
    out: &mut Vec<u8>,
    values: impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)>,
) -> io::Result<()> {
    out.write_all(b"{")?;
    for (position, (name, value)) in values.enumerate() {
        separate(out, position)?;
        write_text(out, name)?;
        out.write_all(b":")?;
        write_value(out, value)?;
    }
    out.write_all(b"}")
}

pub(super) fn write_value(out: &mut Vec<u8>, value: Option<OutputValue<'_>>) -> io::Result<()> {
    match value {
        None => out.write_all(b"null"),
        Some(OutputValue::List(values)) => {
            out.write_all(b"[")?;
            for (position, value) in values.iter().enumerate() {
                separate(out, position)?;
                write_value(out, value)?;
            }
            out.write_all(b"]")
        }
        Some(OutputValue::Boolean(value)) => write!(out, "{value}"),
        Some(value) => write_text(out, &value.to_string()),
    }
}

pub(super) fn separate(out: &mut Vec<u8>, position: usize) -> io::Result<()> {
    if position > 0 {
        out.write_all(b",")
    } else {
        Ok(())
    }
}

pub(super) fn write_optional(out: &mut Vec<u8>, text: Option<&str>) -> io::Result<()> {
    match text {
        Some(text) => write_text(out, text),
        None => out.write_all(b"null"),
    }
}

pub(super) fn write_text(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(&mut *out, text).map_err(io::Error::from)
}
