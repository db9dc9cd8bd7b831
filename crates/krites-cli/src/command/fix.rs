//! `krites check --fix`: what has a certain mend is mended in the files.

use std::path::{Path, PathBuf};

use krites::lang::{Diagnostic, SourceId, Sources, mend};
use krites::{Inspection, LoadError, LoadErrorKind};

use crate::files;
use crate::report::Format;

/// How often the files are mended and checked again
const ROUNDS: usize = 10;

/// What a check came to
type Checked = Result<Inspection, LoadError>;

/// Mends the policy files below a path while that changes something, and returns what
/// the last check came to.
pub(super) fn mended(
    path: &Path,
    first: Checked,
    check: impl Fn() -> Checked,
    format: Format,
) -> Checked {
    let files = match files::policies(path) {
        Ok(files) => files,
        Err(error) => {
            files::complain_of("read", path, &error);
            return first;
        }
    };
    let folder = if path.is_dir() { Some(path) } else { None };
    let own = Own { files, folder };
    let mut checked = first;
    for _ in 0..ROUNDS {
        if !own.mend(&checked, format) {
            break;
        }
        checked = check();
    }
    checked
}

/// The files that may be changed
struct Own<'p> {
    files: Vec<PathBuf>,
    folder: Option<&'p Path>,
}

impl Own<'_> {
    /// Mends the files once; returns whether one was changed.
    fn mend(&self, checked: &Checked, format: Format) -> bool {
        let mut changed: Vec<&Path> = Vec::new();
        for (sources, diagnostics) in found(checked) {
            let open = diagnostics.iter().filter(|found| found.accepted.is_none());
            let open: Vec<Diagnostic> = open.cloned().collect();
            for id in sources_to_mend(&open) {
                // A file that several policies use is mended once, then checked again
                let Some(file) = self.file(sources, id) else {
                    continue;
                };
                if !changed.contains(&file) && mend_file(file, sources, id, &open, format) {
                    changed.push(file);
                }
            }
        }
        !changed.is_empty()
    }

    /// The file that a source was read from, where it is one of these.
    fn file(&self, sources: &Sources, id: SourceId) -> Option<&Path> {
        let name = Path::new(sources.get(id)?.name());
        let below = self.folder.map(|folder| folder.join(name));
        let is_it = |file: &&PathBuf| file.as_path() == name || Some(*file) == below.as_ref();
        self.files.iter().find(is_it).map(PathBuf::as_path)
    }
}

/// What was found in each policy, in the sources that its places refer to.
fn found(checked: &Checked) -> Vec<(&Sources, &[Diagnostic])> {
    match checked {
        Ok(inspected) => {
            let parts = inspected.policies().values().map(|policy| policy.part());
            let found = parts.map(|part| (part.sources(), part.findings()));
            found.collect()
        }
        Err(error) => match error.kind() {
            LoadErrorKind::Policies { errors } => {
                let found = errors.iter();
                let found = found.map(|policy| (&policy.sources, &*policy.diagnostics));
                found.collect()
            }
            _ => Vec::new(),
        },
    }
}

/// The sources that fixes change, each once.
fn sources_to_mend(diagnostics: &[Diagnostic]) -> Vec<SourceId> {
    let fixes = diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let edits = fixes.flat_map(|fix| &fix.edits);
    let mut ids: Vec<SourceId> = edits.map(|edit| edit.span.source).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Mends one file, and says what was changed; returns whether something was.
fn mend_file(
    file: &Path,
    sources: &Sources,
    id: SourceId,
    diagnostics: &[Diagnostic],
    format: Format,
) -> bool {
    let Some(source) = sources.get(id) else {
        return false;
    };
    let found = match std::fs::read_to_string(file) {
        Ok(found) => found,
        Err(error) => {
            files::complain_of("read", file, &error);
            return false;
        }
    };
    let (mark, text) = match found.strip_prefix('\u{feff}') {
        Some(text) => ("\u{feff}", text),
        None => ("", found.as_str()),
    };
    // What has changed since it was checked, or is no policy, is left as it is
    if text != source.text() {
        return false;
    }
    let mended = mend(text, id, diagnostics);
    if mended.text == text {
        return false;
    }
    if let Err(error) = files::replace(file, &format!("{mark}{}", mended.text)) {
        files::complain_of("write", file, &error);
        return false;
    }
    for fix in mended.fixes {
        let start = fix.edits.first().map_or(0, |edit| edit.span.start);
        let (line, _) = source.line_column(start);
        let words = format!("{}:{line}: {}", file.display(), fix.title);
        match format {
            Format::Text => say!("{words}"),
            // Standard output is the report's
            Format::Json | Format::Sarif => complain!("{words}"),
        }
    }
    true
}
