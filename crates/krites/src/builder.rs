//! Building releases: models loaded, policies checked and compiled, tests run.

mod begin;
mod model;
mod pins;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use krites_model::Model;

use crate::assemble::{LoadedModels, PolicyText, fingerprint, once, run_tests, same_parts};
use crate::beside;
use crate::data;
use crate::error::{LoadError, LoadErrorKind};
use crate::loader::Loader;
use crate::modules::Modules;
use crate::order::{self, Making};
use crate::part::{Fingerprint, ModelPart, ReleasedPolicy};
use crate::release::{Inspection, Release};

use self::model::{Given, load_model};
pub use self::pins::PinMismatch;
use self::pins::Pins;
pub(crate) use self::pins::told as pins_told;

/// Collects policies and models, then builds the release
#[derive(Clone, Debug, Default)]
pub struct ReleaseBuilder {
    base: Vec<Arc<ReleasedPolicy>>,
    policies: BTreeMap<String, PolicyText>,
    models: BTreeMap<String, Given>,
    modules: Modules,
    /// What the release before has loaded of files
    loaded: data::Loaded,
    workers: Option<NonZeroUsize>,
    runtime: Option<PathBuf>,
    /// ONNX Runtime is not searched for
    stated_only: bool,
    pins: Pins,
    folder: Option<PathBuf>,
}

impl ReleaseBuilder {
    /// Adds or replaces a policy by its text; `file` is its name within the
    /// release, which diagnostics show as well.
    #[must_use]
    pub fn policy(mut self, file: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        let file = file.into();
        self.policies
            .insert(file.clone(), PolicyText::new(file, text.into()));
        self
    }

    /// Adds or replaces a file of names that policies bring in by `use`; `path` is
    /// what they call it by. A file that no policy uses does not matter.
    #[must_use]
    pub fn module(mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        let path = path.into();
        self.modules.insert(path.clone(), path, text.into());
        self
    }

    /// Adds or replaces a file that tables, lookups or lists of policies stand in, `from
    /// "limits.xlsx"`; `path` is what they call it by. A file that no policy names does
    /// not matter.
    ///
    /// So do the files beside a model `models/risk.onnx`: `models/risk.card.json`,
    /// `models/risk.golden.csv` (or `.jsonl`), `models/risk.background.csv` (or
    /// `.jsonl`). In a derived release they take effect without the model's bytes.
    ///
    /// Of the file of a lookup or list a release keeps what it has loaded, and not the
    /// file: where a policy declares other columns of it, it has to be given again.
    #[must_use]
    pub fn file(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let path = path.into();
        self.modules.insert(path.clone(), path, bytes.into());
        self
    }

    /// Adds or replaces a model by its ONNX bytes; `file` is the name that
    /// policies have for it.
    ///
    /// Other bytes than before are another model: what stood beside the old one falls
    /// away unless it is given anew by [`ReleaseBuilder::file`].
    #[must_use]
    pub fn model(mut self, file: impl Into<String>, onnx: impl Into<Vec<u8>>) -> Self {
        let (file, bytes) = (file.into(), onnx.into());
        // The same bytes are the same part.
        let known = matches!(self.models.get(&file), Some(Given::Part(part)) if part.hash == Fingerprint::of(&bytes));
        if !known {
            self.models.insert(file, Given::Bytes(bytes));
        }
        self
    }

    /// Adds or replaces a model that the host evaluates.
    ///
    /// `content` is what the model's hash is taken of: it must change whenever
    /// the model's answers may. Files may stand beside it as beside others, those of
    /// `score` are `score.card.json` and so on; of the same content they stay.
    #[must_use]
    pub fn host_model(
        mut self,
        file: impl Into<String>,
        model: Arc<dyn Model>,
        content: &[u8],
    ) -> Self {
        let file = file.into();
        let hash = Fingerprint::of(content);
        let before = match self.models.remove(&file) {
            Some(
                Given::Part(part)
                | Given::Host {
                    before: Some(part), ..
                },
            ) if part.hash == hash => Some(part),
            _ => None,
        };
        let host = Given::Host {
            model,
            hash,
            before,
        };
        self.models.insert(file, host);
        self
    }

    /// Sets how many threads may call a model outside the native table at once;
    /// 2 where not set.
    #[must_use]
    pub fn workers(mut self, workers: NonZeroUsize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// States where the ONNX Runtime library is, the file or its folder, for models that
    /// need it. Without it `ORT_DYLIB_PATH` does, or places of the system are searched
    /// (`OnnxRuntime::locate` of `krites-onnxruntime` lists them), and never the folder of
    /// the policy: who writes policies need not be who says what code runs.
    #[must_use]
    pub fn onnxruntime_library(mut self, path: impl Into<PathBuf>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Searches nowhere for the ONNX Runtime library: it is where the host or
    /// `ORT_DYLIB_PATH` states, or nowhere.
    #[must_use]
    pub fn onnxruntime_stated_only(mut self) -> Self {
        self.stated_only = true;
        self
    }

    /// Loads the models and files, checks and compiles the policies, runs their tests.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with everything that is wrong; nothing is kept of the
    /// release then.
    pub fn build(self) -> Result<Release, LoadError> {
        let release = self.load()?;
        let failed = release
            .reports
            .iter()
            .find(|(_, reports)| reports.iter().any(|report| !report.failures.is_empty()));
        match failed {
            None => Ok(release),
            Some((name, reports)) => {
                let policy = release.policies.get(name);
                let sources = policy
                    .map(|policy| policy.part.sources.clone())
                    .unwrap_or_default();
                Err(LoadErrorKind::Tests {
                    policy: name.clone(),
                    sources,
                    reports: reports.clone(),
                }
                .into())
            }
        }
    }

    /// Loads, checks and compiles as [`ReleaseBuilder::build`], and keeps what
    /// became of the tests, whether they pass or fail.
    ///
    /// # Errors
    ///
    /// As [`ReleaseBuilder::build`], failing tests aside.
    pub fn inspect(self) -> Result<Inspection, LoadError> {
        self.load().map(Inspection)
    }

    fn load(self) -> Result<Release, LoadError> {
        let mismatches = self.mismatches();
        if !mismatches.is_empty() {
            return Err(LoadErrorKind::Pinned { mismatches }.into());
        }
        let loader = Loader {
            workers: self.workers.unwrap_or(NonZeroUsize::MIN.saturating_add(1)),
            runtime: self.runtime,
            stated_only: self.stated_only,
        };
        let models: LoadedModels = self
            .models
            .into_iter()
            .map(|(file, given)| {
                let part = load_model(&loader, &self.modules, &file, given);
                (file, part)
            })
            .collect();
        let mut data = data::Loader::new(&self.modules, &self.loaded);
        let making = Making {
            base: &self.base,
            models: &models,
            modules: &self.modules,
            data: &mut data,
        };
        let (policies, mut errors) = order::made(self.policies, making)?;
        if !errors.is_empty() {
            once(&mut errors);
            return Err(LoadErrorKind::Policies { errors }.into());
        }
        if policies.is_empty() {
            return Err(LoadErrorKind::NoPolicy {
                path: self.folder.unwrap_or_default(),
            }
            .into());
        }
        let is_known =
            |policy: &&Arc<ReleasedPolicy>| self.base.iter().any(|base| same_parts(base, policy));
        let fresh = policies.values().filter(|policy| !is_known(policy));
        let reports = run_tests(fresh);
        // A model that a policy names was reported at its place there.
        let models: BTreeMap<String, Arc<ModelPart>> = models
            .into_iter()
            .map(|(file, part)| Ok((file, part?)))
            .collect::<Result<_, LoadError>>()?;
        let data = data.loaded;
        let fingerprint = fingerprint(&policies, &models, &data, krites_lang::time_zone_data());
        let mut modules = self.modules.sound();
        // Files that policies are made of are kept, so that they can be made anew
        let is_of_a_policy = |path: &str| {
            let mut parts = policies.values().map(|policy| &policy.part);
            parts.any(|part| part.modules().any(|(used, _)| used == path))
        };
        for data in data.values().filter(|data| !is_of_a_policy(data.file())) {
            modules.forget(data.file());
        }
        let beside = models.keys().flat_map(|model| beside::paths(model));
        for (path, _) in beside.filter(|(path, _)| !is_of_a_policy(path)) {
            modules.forget(&path);
        }
        modules.deflate();
        Ok(Release {
            policies,
            models,
            data,
            modules,
            fingerprint,
            reports,
        })
    }
}
