//! From texts and models to the parts of a release.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use krites_lang::ast::{self, Item};
use krites_lang::{
    Diagnostic, ModelInterface, ModelProblem, ModelSource, ModuleSource, PolicyInterface,
    PolicyProblem, Program, Severity, Sources, TestReport,
};

use crate::bind::Names;
use crate::calls::ModelCalls;
use crate::data;
use crate::error::{PolicyErrors, Refusal};
use crate::explainers;
use crate::modules::{self, Modules};
use crate::part::{Fingerprint, ModelPart, PolicyPart, ReleasedPolicy};
use crate::workspace::Workspaces;

/// A policy on its way into a release
#[derive(Clone, Debug)]
pub(crate) struct PolicyText {
    /// The name that diagnostics show
    pub(crate) shown: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: Fingerprint,
}

impl PolicyText {
    pub(crate) fn new(shown: String, bytes: Vec<u8>) -> Self {
        Self {
            shown,
            hash: Fingerprint::of(&bytes),
            bytes,
        }
    }
}

pub(crate) type LoadedModels = BTreeMap<String, Result<Arc<ModelPart>, Refusal>>;

/// What a policy may be checked against: models, and policies that were checked before
pub(crate) struct Interfaces<'a> {
    pub(crate) models: &'a LoadedModels,
    pub(crate) policies: &'a dyn Fn(&str) -> Result<PolicyInterface, PolicyProblem>,
}

impl ModelSource for Interfaces<'_> {
    fn policy(&self, name: &str) -> Result<PolicyInterface, PolicyProblem> {
        (self.policies)(name)
    }

    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        match self.models.get(file) {
            Some(Ok(part)) => Ok(part.interface.clone()),
            Some(Err(refusal)) => Err(refusal.problem()),
            None => Err(ModelProblem {
                headline: format!("there is no model `{file}` in the release"),
                node: None,
                help: "add it to the release under this name".to_owned(),
            }),
        }
    }
}

/// A policy of the base of which neither a text nor a model's interface changed.
pub(crate) fn shared(
    base: &[Arc<ReleasedPolicy>],
    file: &str,
    hash: Fingerprint,
    models: &LoadedModels,
    modules: &Modules,
) -> Option<Arc<PolicyPart>> {
    let policy = base
        .iter()
        .find(|policy| policy.part.file == file && policy.part.text == hash)?;
    let mut used = policy.part.modules.iter();
    if !used.all(|(path, hash)| modules.hash(path) == Some(*hash)) {
        return None;
    }
    let declared = policy.part.program.policy().models.iter();
    let same = declared.zip(&policy.part.interfaces).all(|(declared, interface)| {
        matches!(models.get(&declared.file), Some(Ok(part)) if part.interface == *interface)
    });
    same.then(|| policy.part.clone())
}

/// A policy that was parsed
#[derive(Clone, Debug)]
pub(crate) struct ParsedPolicy {
    hash: Fingerprint,
    sources: Sources,
    /// `None` where it is no text
    file: Option<ast::File>,
    diagnostics: Vec<Diagnostic>,
}

impl ParsedPolicy {
    pub(crate) fn new(text: PolicyText, modules: &Modules) -> Self {
        let PolicyText { shown, bytes, hash } = text;
        let mut diagnostics = Vec::new();
        let (sources, file) = parsed(&shown, bytes, modules, &mut diagnostics);
        Self {
            hash,
            sources,
            file,
            diagnostics,
        }
    }

    /// Its name, where it has a header.
    pub(crate) fn name(&self) -> Option<&str> {
        let mut items = self.file.iter().flat_map(|file| &file.items);
        items.find_map(|item| match item {
            Item::Policy(header) => Some(header.name.text.as_str()),
            _ => None,
        })
    }

    /// The names of the policies that it asks.
    pub(crate) fn asks(&self) -> Vec<String> {
        named_policies(self.file.as_ref())
    }
}

/// Checks and compiles a policy.
pub(crate) fn checked(
    file: &str,
    policy: ParsedPolicy,
    interfaces: &Interfaces<'_>,
    modules: &Modules,
) -> Result<PolicyPart, PolicyErrors> {
    let ParsedPolicy {
        hash,
        mut sources,
        file: parsed,
        mut diagnostics,
    } = policy;
    let policy = parsed
        .as_ref()
        .and_then(|parsed| krites_lang::check(parsed, interfaces, &mut diagnostics));
    let (Some(policy), Some(parsed)) = (policy, parsed) else {
        return Err(PolicyErrors {
            sources,
            diagnostics,
        });
    };
    let used = modules::used(&parsed, modules);
    drop(parsed);
    let models = policy.models.iter();
    let models = models.filter_map(|model| interfaces.interface(&model.file).ok());
    let asked = policy.subpolicies.iter();
    let asked = asked.filter_map(|asked| interfaces.policy(&asked.policy).ok());
    let (models, asked) = (models.collect(), asked.collect());
    let findings = krites_lang::analyse(&policy);
    if (findings.iter()).any(|found| found.severity == Severity::Error) {
        return Err(PolicyErrors {
            sources,
            diagnostics: findings,
        });
    }
    let program = Program::compile(policy);
    let names = Names::new(&program);
    sources.deflate_cells();
    Ok(PolicyPart {
        file: file.to_owned(),
        hash: modules::hash_with(hash, &used),
        text: hash,
        modules: used,
        sources,
        program,
        findings,
        names,
        interfaces: models,
        asked,
    })
}

/// Puts a policy together with its models and data; what explains its models is taken
/// over from `base` where neither changed.
pub(crate) fn released(
    part: Arc<PolicyPart>,
    base: &[Arc<ReleasedPolicy>],
    models: &LoadedModels,
    policies: &BTreeMap<String, Arc<ReleasedPolicy>>,
    data: &mut data::Loader<'_>,
) -> Result<ReleasedPolicy, PolicyErrors> {
    let loaded = data.load(part.program.policy());
    let (files, data) = loaded.map_err(|diagnostics| PolicyErrors {
        sources: part.sources.clone(),
        diagnostics,
    })?;
    let declared = part.program.policy().models.iter();
    let models: Vec<Arc<ModelPart>> = declared
        .filter_map(|declared| models.get(&declared.file)?.as_ref().ok().cloned())
        .collect();
    let is_known = |known: &&Arc<ReleasedPolicy>| {
        Arc::ptr_eq(&known.part, &part) && same_models(&known.models, &models)
    };
    let explainers = match base.iter().find(is_known) {
        Some(known) => known.explainers.clone(),
        None => {
            explainers::of_policy(&part.program, &models).map_err(|diagnostics| PolicyErrors {
                sources: part.sources.clone(),
                diagnostics,
            })?
        }
    };
    let asked = part.program.policy().subpolicies.iter();
    let asked = asked
        .filter_map(|asked| policies.get(&*asked.policy).cloned())
        .collect();
    Ok(ReleasedPolicy {
        part,
        models,
        explainers,
        files,
        data,
        asked,
        workspaces: Workspaces::default(),
    })
}

fn same_models(one: &[Arc<ModelPart>], other: &[Arc<ModelPart>]) -> bool {
    let mut pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.all(|(one, other)| Arc::ptr_eq(one, other))
}

/// Tells whether two policies are the same over the same models, data and policies that
/// they ask.
pub(crate) fn same_parts(one: &ReleasedPolicy, other: &ReleasedPolicy) -> bool {
    Arc::ptr_eq(&one.part, &other.part)
        && same_models(&one.models, &other.models)
        && one.files.len() == other.files.len()
        && one
            .files
            .iter()
            .zip(&other.files)
            .all(|(one, other)| Arc::ptr_eq(one, other))
        && one.asked.len() == other.asked.len()
        && one
            .asked
            .iter()
            .zip(&other.asked)
            .all(|(one, other)| same_parts(one, other))
}

/// Runs the tests of policies that are new or stand over new models or data.
pub(crate) fn run_tests<'p>(
    policies: impl Iterator<Item = &'p Arc<ReleasedPolicy>>,
) -> Vec<(String, Vec<TestReport>)> {
    let run = |policy: &Arc<ReleasedPolicy>| {
        let reports = policy
            .program()
            .run_tests(&mut ModelCalls::of_tests(policy));
        (policy.part.name().to_owned(), reports)
    };
    policies.map(run).collect()
}

/// The hash over all parts, and over the data of time zones where a policy has a
/// zone. Lengths stand before names, so that no two lists of parts write the same
/// bytes.
pub(crate) fn fingerprint(
    policies: &BTreeMap<String, Arc<ReleasedPolicy>>,
    models: &BTreeMap<String, Arc<ModelPart>>,
    data: &data::Loaded,
    zone_data: &str,
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
    for model in models.values() {
        part(1, &model.file, model.hash);
        model.beside().for_each(|(file, hash)| part(4, file, hash));
    }
    // Policies may declare one file in several ways
    let data = data.values().map(|data| (data.file(), data.hash));
    for (file, hash) in data.collect::<BTreeMap<_, _>>() {
        part(3, file, hash);
    }
    let mut all = policies.values();
    if all.any(|policy| policy.program().policy().time_zone.is_some()) {
        part(2, "time zones", Fingerprint::of(zone_data.as_bytes()));
    }
    hasher.into()
}

/// Parses a policy and the files that it uses; `None` where it is no text.
pub(crate) fn parsed(
    shown: &str,
    bytes: Vec<u8>,
    modules: &dyn ModuleSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Sources, Option<ast::File>) {
    let mut sources = Sources::default();
    match krites_lang::source_from_bytes(&mut sources, shown, bytes) {
        Ok(source) => {
            let file = krites_lang::parse_with_modules(&mut sources, source, modules, diagnostics);
            (sources, Some(file))
        }
        Err((_, diagnostic)) => {
            diagnostics.push(diagnostic);
            (sources, None)
        }
    }
}

/// The files of lookups and lists that a policy names, and those of names that it
/// uses.
pub(crate) fn named_files(file: Option<&ast::File>) -> Vec<String> {
    let modules = file.into_iter().flat_map(|file| &file.modules);
    let items = file.into_iter().flat_map(|file| &file.items);
    let items = items.chain(modules.flat_map(|module| &module.items));
    let files = items.filter_map(|item| match item {
        Item::Lookup(lookup) => Some(lookup.file.text.clone()),
        Item::List(list) => match &list.values {
            ast::ListValues::File(file) => Some(file.file.text.clone()),
            ast::ListValues::Written(_) => None,
        },
        _ => None,
    });
    files.collect()
}

/// The policies that a policy asks, by name.
pub(crate) fn named_policies(file: Option<&ast::File>) -> Vec<String> {
    let items = file.into_iter().flat_map(|file| &file.items);
    let asked = items.filter_map(|item| match item {
        Item::Subpolicy(asked) => Some(asked.policy.text.clone()),
        _ => None,
    });
    asked.collect()
}

/// The model files that a policy names.
pub(crate) fn named_models(file: Option<&ast::File>) -> Vec<String> {
    let items = file.into_iter().flat_map(|file| &file.items);
    let models = items.filter_map(|item| match item {
        Item::Model(model) => Some(model.file.text.clone()),
        _ => None,
    });
    models.collect()
}

/// Leaves a mistake in a file that several policies use with the first of them.
pub(crate) fn once(errors: &mut Vec<PolicyErrors>) {
    let mut seen = BTreeSet::new();
    for PolicyErrors {
        sources,
        diagnostics,
    } in &mut *errors
    {
        diagnostics.retain(|found| {
            let place = sources.describe(&found.primary.place);
            seen.insert((place, found.code, found.headline.clone()))
        });
    }
    errors.retain(|errors| errors.errors().next().is_some());
}

#[cfg(test)]
mod tests {
    use super::fingerprint;
    use crate::Release;

    #[test]
    fn the_data_of_time_zones_counts_where_a_policy_has_a_zone() {
        let counts = |entry: &str| {
            let policy = format!(
                "policy p {{ version \"1\"{entry} }}\nenum O {{ a < b }}\n\
                 decide o : O most severe {{ rule rest otherwise then a }}\n"
            );
            let release = Release::builder().policy("p", policy).build().unwrap();
            let of = |data| fingerprint(&release.policies, &release.models, &release.data, data);
            assert_eq!(of("2026a"), of("2026a"));
            of("2026a") != of("2026b")
        };
        assert!(counts("; time zone \"Europe/London\""));
        assert!(!counts(""));
    }
}
