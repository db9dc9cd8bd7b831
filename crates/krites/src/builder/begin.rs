//! What a release begins with: the files of a folder, or all parts of another release.

use std::collections::VecDeque;
use std::path::Path;

use krites_lang::{SourceId, ast};

use super::{Given, ReleaseBuilder};
use crate::assemble::{PolicyText, named_files, named_models, named_policies, parsed};
use crate::beside;
use crate::error::LoadError;
use crate::folder::{self, MAX_DATA_BYTES, MAX_MODEL_BYTES, MAX_POLICY_BYTES, PolicyFile};
use crate::modules::FolderModules;
use crate::release::Release;

impl ReleaseBuilder {
    /// Starts with all parts of a release.
    pub(crate) fn from_release(release: &Release) -> Self {
        let texts = release.policies.values().map(|policy| {
            let part = &policy.part;
            let source = part.sources.get(SourceId::FIRST);
            let (shown, text) = source.map_or(("", ""), |source| (source.name(), source.text()));
            let bytes = text.as_bytes().to_vec();
            (
                part.file.clone(),
                PolicyText {
                    shown: shown.to_owned(),
                    bytes,
                    hash: part.text,
                },
            )
        });
        let models = release
            .models
            .iter()
            .map(|(file, part)| (file.clone(), Given::Part(part.clone())));
        Self {
            base: release.policies.values().cloned().collect(),
            policies: texts.collect(),
            models: models.collect(),
            modules: release.modules.clone(),
            loaded: release.data.clone(),
            ..Self::default()
        }
    }

    /// Reads a policy file, or all policy files of a folder, the files of names
    /// that they use and the models that they name; files are looked for in the
    /// policy's folder and nowhere else.
    ///
    /// Of one file, the policies that it asks are read as well: `affordability.krites`
    /// beside it holds the policy `affordability`.
    ///
    /// A `*.krites` file in the folder that holds nothing but names to bring in is
    /// no policy.
    ///
    /// # Errors
    ///
    /// [`LoadError`] where a policy file cannot be read. A model or another file
    /// that cannot be read is reported by [`ReleaseBuilder::build`], at its place
    /// in the policy.
    pub fn from_path(path: &Path) -> Result<ReleaseBuilder, LoadError> {
        let mut builder = ReleaseBuilder::default();
        let root = folder::root_of(path);
        let modules = FolderModules::new(&root);
        let mut files = VecDeque::from(folder::policy_files(path)?);
        while let Some(file) = files.pop_front() {
            let (_, parsed) = parsed(&file.shown, file.bytes.clone(), &modules, &mut Vec::new());
            // Such a file may lie beside the policies that use it.
            let names_alone = |parsed: &ast::File| parsed.holds_names_alone();
            if path.is_dir() && parsed.as_ref().is_some_and(names_alone) {
                continue;
            }
            for model in named_models(parsed.as_ref()) {
                if builder.models.contains_key(&model) {
                    continue;
                }
                let given = match folder::read_inside(&root, &model, MAX_MODEL_BYTES) {
                    Ok(bytes) => Given::Bytes(bytes),
                    Err(unread) => Given::Unreadable(unread.into()),
                };
                for (path, limit) in beside::paths(&model) {
                    modules.fetch_if_there(&path, limit);
                }
                builder.models.insert(model, given);
            }
            // Beside one file stand the policies that it asks, each named after its own.
            for asked in named_policies(parsed.as_ref()) {
                let name = format!("{asked}.krites");
                let is_new = !path.is_dir()
                    && file.name != name
                    && !builder.policies.contains_key(&name)
                    && !files.iter().any(|other| other.name == name);
                if let (true, Ok(bytes)) =
                    (is_new, folder::read_inside(&root, &name, MAX_POLICY_BYTES))
                {
                    let shown = root.join(&name).display().to_string();
                    files.push_back(PolicyFile { name, shown, bytes });
                }
            }
            for data in named_files(parsed.as_ref()) {
                modules.fetch(&data, MAX_DATA_BYTES);
            }
            builder
                .policies
                .insert(file.name, PolicyText::new(file.shown, file.bytes));
        }
        builder.modules = modules.into_read();
        builder.folder = Some(root);
        Ok(builder)
    }
}
