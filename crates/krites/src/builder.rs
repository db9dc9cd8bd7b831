//! Building releases: models loaded, policies checked and compiled, tests run.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use krites_lang::ast::Item;
use krites_lang::{
    ModelInterface, ModelProblem, ModelSource, Program, SourceId, Sources, TestReport, ast,
};
use krites_model::Model;

use crate::bind::Names;
use crate::calls::ModelCalls;
use crate::error::{LoadError, LoadErrorKind, PolicyErrors};
use crate::folder;
use crate::loader::{Loader, interface};
use crate::part::{Fingerprint, ModelPart, PolicyPart, ReleasedPolicy};
use crate::release::{Inspection, Release};

/// A policy on its way into a release
#[derive(Clone, Debug)]
struct PolicyText {
    /// The name that diagnostics show
    shown: String,
    bytes: Vec<u8>,
    hash: Fingerprint,
}

impl PolicyText {
    fn new(shown: String, bytes: Vec<u8>) -> Self {
        Self {
            shown,
            hash: Fingerprint::of(&bytes),
            bytes,
        }
    }
}

/// A model on its way into a release
#[derive(Clone, Debug)]
enum Given {
    Bytes(Vec<u8>),
    Part(Arc<ModelPart>),
    /// What reading it said
    Unreadable(String),
}

/// Collects policies and models, then builds the release
#[derive(Clone, Debug, Default)]
pub struct ReleaseBuilder {
    base: Vec<Arc<ReleasedPolicy>>,
    policies: BTreeMap<String, PolicyText>,
    models: BTreeMap<String, Given>,
    workers: Option<NonZeroUsize>,
    runtime: Option<std::path::PathBuf>,
    folder: Option<std::path::PathBuf>,
}

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
                    hash: part.hash,
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
            ..Self::default()
        }
    }

    /// Reads a policy file, or all policy files of a folder, and the models
    /// that they name; files are looked for in the policy's folder and nowhere
    /// else.
    ///
    /// # Errors
    ///
    /// [`LoadError`] where a policy file cannot be read. A model that cannot be
    /// read is reported by [`ReleaseBuilder::build`], at its place in the policy.
    pub fn from_path(path: &Path) -> Result<ReleaseBuilder, LoadError> {
        let mut builder = ReleaseBuilder::default();
        let root = folder::root_of(path);
        for file in folder::policy_files(path)? {
            for model in named_models(&file.shown, &file.bytes) {
                if builder.models.contains_key(&model) {
                    continue;
                }
                let given = match folder::read_inside(&root, &model) {
                    Ok(bytes) => Given::Bytes(bytes),
                    Err(problem) => Given::Unreadable(problem),
                };
                builder.models.insert(model, given);
            }
            builder
                .policies
                .insert(file.name, PolicyText::new(file.shown, file.bytes));
        }
        builder.folder = Some(root);
        Ok(builder)
    }

    /// Adds or replaces a policy by its text; `file` is its name within the
    /// release, which diagnostics show as well.
    #[must_use]
    pub fn policy(mut self, file: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        let file = file.into();
        self.policies
            .insert(file.clone(), PolicyText::new(file, text.into()));
        self
    }

    /// Adds or replaces a model by its ONNX bytes; `file` is the name that
    /// policies have for it.
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
    /// the model's answers may.
    #[must_use]
    pub fn host_model(
        mut self,
        file: impl Into<String>,
        model: Arc<dyn Model>,
        content: &[u8],
    ) -> Self {
        let file = file.into();
        let interface = interface(model.signature());
        let part = ModelPart {
            file: file.clone(),
            hash: Fingerprint::of(content),
            model,
            interface,
        };
        self.models.insert(file, Given::Part(Arc::new(part)));
        self
    }

    /// Sets how many threads may call a model outside the native table at once;
    /// 2 where not set.
    #[must_use]
    pub fn workers(mut self, workers: NonZeroUsize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// States where the ONNX Runtime library is, for models that need it.
    #[must_use]
    pub fn onnxruntime_library(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Loads the models, checks and compiles the policies, runs their tests.
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
        let loader = Loader {
            workers: self.workers.unwrap_or(NonZeroUsize::MIN.saturating_add(1)),
            runtime: self.runtime,
            folder: self.folder,
        };
        let models: BTreeMap<String, Result<Arc<ModelPart>, ModelProblem>> = self
            .models
            .into_iter()
            .map(|(file, given)| load_model(&loader, file, given))
            .collect();
        let mut errors: Vec<PolicyErrors> = Vec::new();
        let mut policies: BTreeMap<String, Arc<ReleasedPolicy>> = BTreeMap::new();
        let mut fresh: Vec<Arc<ReleasedPolicy>> = Vec::new();
        for (file, text) in self.policies {
            let part = match shared(&self.base, &file, text.hash, &models) {
                Some(part) => part,
                None => match checked(&file, text, &models) {
                    Ok(part) => Arc::new(part),
                    Err(found) => {
                        errors.push(found);
                        continue;
                    }
                },
            };
            let policy = Arc::new(released(part, &models));
            let name = policy.part.name().to_owned();
            if !self.base.iter().any(|base| same_parts(base, &policy)) {
                fresh.push(policy.clone());
            }
            if let Some(first) = policies.insert(name.clone(), policy) {
                return Err(LoadErrorKind::NameTwice {
                    name,
                    first: first.part.file.clone(),
                    second: file,
                }
                .into());
            }
        }
        if !errors.is_empty() {
            return Err(LoadErrorKind::Policies { errors }.into());
        }
        if policies.is_empty() {
            return Err(LoadErrorKind::NoPolicy {
                path: loader.folder.unwrap_or_default(),
            }
            .into());
        }
        let reports = run_tests(&fresh);
        // A model that a policy names was reported at its place there.
        let models: BTreeMap<String, Arc<ModelPart>> = models
            .into_iter()
            .map(|(file, part)| Ok((file, part.map_err(unnamed)?)))
            .collect::<Result<_, LoadError>>()?;
        let fingerprint = fingerprint(&policies, &models);
        Ok(Release {
            policies,
            models,
            fingerprint,
            reports,
        })
    }
}

type LoadedModels = BTreeMap<String, Result<Arc<ModelPart>, ModelProblem>>;

fn load_model(
    loader: &Loader,
    file: String,
    given: Given,
) -> (String, Result<Arc<ModelPart>, ModelProblem>) {
    let part = match given {
        Given::Part(part) => Ok(part),
        Given::Unreadable(problem) => Err(ModelProblem {
            headline: format!("the model `{file}` cannot be read: {problem}"),
            node: None,
            help: "put the file beside the policy, under the name that the policy gives".to_owned(),
        }),
        Given::Bytes(bytes) => loader.load(&file, &bytes).map(|model| {
            let interface = interface(model.signature());
            Arc::new(ModelPart {
                file: file.clone(),
                hash: Fingerprint::of(&bytes),
                model,
                interface,
            })
        }),
    };
    (file, part)
}

struct Interfaces<'a>(&'a LoadedModels);

impl ModelSource for Interfaces<'_> {
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        match self.0.get(file) {
            Some(Ok(part)) => Ok(part.interface.clone()),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err(ModelProblem {
                headline: format!("there is no model `{file}` in the release"),
                node: None,
                help: "add it to the release under this name".to_owned(),
            }),
        }
    }
}

/// A policy of the base that neither its text nor its models' interfaces changed.
fn shared(
    base: &[Arc<ReleasedPolicy>],
    file: &str,
    hash: Fingerprint,
    models: &LoadedModels,
) -> Option<Arc<PolicyPart>> {
    let policy = base
        .iter()
        .find(|policy| policy.part.file == file && policy.part.hash == hash)?;
    let declared = policy.part.program.policy().models.iter();
    let same = declared.zip(&policy.part.interfaces).all(|(declared, interface)| {
        matches!(models.get(&declared.file), Some(Ok(part)) if part.interface == *interface)
    });
    same.then(|| policy.part.clone())
}

fn checked(
    file: &str,
    text: PolicyText,
    models: &LoadedModels,
) -> Result<PolicyPart, PolicyErrors> {
    let PolicyText { shown, bytes, hash } = text;
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let policy = match krites_lang::source_from_bytes(&mut sources, &shown, bytes) {
        Err((_, diagnostic)) => {
            diagnostics.push(diagnostic);
            None
        }
        Ok(source) => {
            let parsed = krites_lang::parse(&sources, source, &mut diagnostics);
            krites_lang::check(&parsed, &Interfaces(models), &mut diagnostics)
        }
    };
    let Some(policy) = policy else {
        return Err(PolicyErrors {
            sources,
            diagnostics,
        });
    };
    let declared = policy.models.iter();
    let interfaces = declared
        .filter_map(|model| Interfaces(models).interface(&model.file).ok())
        .collect();
    let program = Program::compile(policy);
    let names = Names::new(&program);
    Ok(PolicyPart {
        file: file.to_owned(),
        hash,
        sources,
        program,
        names,
        interfaces,
    })
}

fn released(part: Arc<PolicyPart>, models: &LoadedModels) -> ReleasedPolicy {
    let declared = part.program.policy().models.iter();
    let models = declared
        .filter_map(|declared| models.get(&declared.file)?.as_ref().ok().cloned())
        .collect();
    ReleasedPolicy { part, models }
}

/// Tells whether two policies are the same over the same models.
fn same_parts(one: &ReleasedPolicy, other: &ReleasedPolicy) -> bool {
    Arc::ptr_eq(&one.part, &other.part)
        && one.models.len() == other.models.len()
        && one
            .models
            .iter()
            .zip(&other.models)
            .all(|(one, other)| Arc::ptr_eq(one, other))
}

/// A model that cannot be used, and that no policy names.
fn unnamed(problem: ModelProblem) -> LoadError {
    LoadErrorKind::Model {
        headline: problem.headline,
        help: problem.help,
    }
    .into()
}

/// Runs the tests of policies that are new or stand over new models.
fn run_tests(policies: &[Arc<ReleasedPolicy>]) -> Vec<(String, Vec<TestReport>)> {
    let run = |policy: &Arc<ReleasedPolicy>| {
        let reports = policy.program().run_tests(&mut ModelCalls::new(policy));
        (policy.part.name().to_owned(), reports)
    };
    policies.iter().map(run).collect()
}

/// The hash over all parts. Lengths stand before names, so that no two lists of
/// parts write the same bytes.
fn fingerprint(
    policies: &BTreeMap<String, Arc<ReleasedPolicy>>,
    models: &BTreeMap<String, Arc<ModelPart>>,
) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    let mut part = |kind: u8, name: &str, hash: Fingerprint| {
        hasher.update(&[kind]);
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(hash.as_bytes());
    };
    policies
        .values()
        .for_each(|policy| part(0, &policy.part.file, policy.part.hash));
    models
        .values()
        .for_each(|model| part(1, &model.file, model.hash));
    hasher.into()
}

/// The model files that a policy names.
fn named_models(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut sources = Sources::default();
    let Ok(source) = krites_lang::source_from_bytes(&mut sources, name, bytes.to_vec()) else {
        return Vec::new();
    };
    let file: ast::File = krites_lang::parse(&sources, source, &mut Vec::new());
    let models = file.items.iter().filter_map(|item| match item {
        Item::Model(model) => Some(model.file.text.clone()),
        _ => None,
    });
    models.collect()
}
