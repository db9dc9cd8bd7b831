//! The ONNX Runtime library: found, read, loaded once for the process, named.

mod bounded;
mod error;
mod file;
mod load;
mod search;
mod version;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

pub use self::error::{LocateError, Looked, Origin};
use self::load::{Failed, is_loaded, load, version};
use crate::logger;

/// Variable that names the library
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// The library of this process. It is loaded once and stays.
static STATE: Mutex<State> = Mutex::new(State::Nothing);

enum State {
    Nothing,
    Loaded(OnnxRuntime),
    /// One was loaded that does not work, and stays: ort would take it for any other
    Spoilt(LocateError),
}

/// Where to look for the library
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// The library itself or the folder that has it, as somebody stated it
    pub path: Option<&'a Path>,
    /// Look nowhere but at the stated path or, without one, where `ORT_DYLIB_PATH` says
    pub stated_only: bool,
}

/// The ONNX Runtime library, loaded
#[derive(Clone)]
pub struct OnnxRuntime {
    path: PathBuf,
    version: String,
    origin: Origin,
    looked: Vec<Looked>,
    environment: Environment,
}

impl std::fmt::Debug for OnnxRuntime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            path,
            version,
            origin,
            looked: _,
            environment: _,
        } = self;
        f.debug_struct("OnnxRuntime")
            .field("path", path)
            .field("version", version)
            .field("origin", origin)
            .finish()
    }
}

impl OnnxRuntime {
    /// Finds and loads the library: at the stated path, else where `ORT_DYLIB_PATH` says,
    /// else in the folder of the program, the Python environment of `VIRTUAL_ENV`, the
    /// environment of `CONDA_PREFIX`, the folders of `LD_LIBRARY_PATH`, and folders of the
    /// system. Of several in a folder the highest version is taken.
    ///
    /// A file is read before it is loaded: one that is no library of this machine, not
    /// ONNX Runtime or of a version that cannot be used never runs. A stated one that is
    /// wrong is an error, whatever else there is. One that was found is passed over with a
    /// warning, and the next is tried.
    ///
    /// A process has one library: once it is loaded, every later call returns
    /// it, whatever the hints. One that turned out not to work when it was loaded stays as
    /// well, and every later call returns the same error.
    ///
    /// # Errors
    ///
    /// [`LocateError`] says where it was looked for, what is wrong and what to install.
    pub fn locate(hints: &Hints<'_>) -> Result<Self, LocateError> {
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Loaded(runtime) => return Ok(runtime.clone()),
            State::Spoilt(error) => return Err(error.clone()),
            State::Nothing => {}
        }
        match found(hints) {
            Ok(runtime) => {
                *state = State::Loaded(runtime.clone());
                Ok(runtime)
            }
            Err(Failed::Before(error)) => Err(error),
            Err(Failed::Stays(error)) => {
                *state = State::Spoilt(error.clone());
                Err(error)
            }
        }
    }

    /// Takes over the environment of a host that uses ONNX Runtime itself, by the same
    /// crate [`ort`]; `library` is the file that the host had it loaded from. Has to be
    /// called before a model needs the library: a process has one environment.
    ///
    /// Nothing is loaded or made anew, and the host's logger and telemetry stay as they
    /// are: what ONNX Runtime says goes to the host and not to `tracing`, and telemetry is
    /// the host's to switch off (`with_telemetry(false)`). Sessions of models run in one
    /// thread of their own on the CPU all the same, whatever threads and execution providers
    /// the environment has for the host's. The environment is kept as long as the process
    /// runs. Where the library of this process is known already, that one is returned.
    ///
    /// ```no_run
    /// use krites_onnxruntime::{OnnxRuntime, ort};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let library = "/opt/onnxruntime/lib/libonnxruntime.so";
    /// let environment = ort::init_from(library)?.with_telemetry(false).build()?;
    /// let runtime = OnnxRuntime::adopt(environment, library)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`LocateError`] where the file is none that could be loaded, or, on Linux, none that
    /// this process has loaded.
    pub fn adopt(environment: Environment, library: impl AsRef<Path>) -> Result<Self, LocateError> {
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Loaded(runtime) => return Ok(runtime.clone()),
            State::Spoilt(error) => return Err(error.clone()),
            State::Nothing => {}
        }
        let path = of_stated(library.as_ref().to_owned(), Origin::Host)?;
        let told = file::read(&path)?;
        if is_loaded(&path) == Some(false) {
            return Err(LocateError::NotLoaded { path });
        }
        // There is an environment, so that the interface is at hand
        let build = catch_unwind(ort::info).unwrap_or_default();
        let runtime = Self {
            version: version(told, &path, build),
            path,
            origin: Origin::Host,
            looked: Vec::new(),
            environment,
        };
        *state = State::Loaded(runtime.clone());
        Ok(runtime)
    }

    /// Returns the file of the library.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version of the library, such as `1.31.0`, or its commit
    /// where neither the file nor its build tells the version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns who stated the library, or where it was found.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns the places that were searched before it was found, in their order.
    #[must_use]
    pub fn looked(&self) -> &[Looked] {
        &self.looked
    }

    /// Returns the oldest version that can be used, `1.17`; later ones of the same major
    /// version can be, too.
    #[must_use]
    pub fn oldest() -> String {
        format!("1.{}", ort::MINOR_VERSION)
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }
}

fn found(hints: &Hints<'_>) -> Result<OnnxRuntime, Failed> {
    let stated = hints.path.map(|path| (path.to_owned(), Origin::Caller));
    let variable = std::env::var_os(VARIABLE).filter(|path| !path.is_empty());
    let stated = stated.or_else(|| variable.map(|path| (PathBuf::from(path), Origin::Variable)));
    if let Some((path, stated_by)) = stated {
        return load(&of_stated(path, stated_by)?, stated_by);
    }
    let mut looked = Vec::new();
    if !hints.stated_only {
        let executable = std::env::current_exe().ok();
        let variable = |name: &str| std::env::var_os(name);
        for place in search::places(variable, executable.as_deref()) {
            let files = search::candidates(&place.folder);
            if files.is_empty() {
                looked.push(Looked {
                    origin: place.origin,
                    path: place.folder,
                    problem: None,
                });
                continue;
            }
            for file in files {
                match load(&file, place.origin) {
                    Ok(runtime) => return Ok(OnnxRuntime { looked, ..runtime }),
                    Err(Failed::Before(error)) if !error.is_of_the_host() => {
                        tracing::warn!(target: logger::TARGET, "passed over: {error}");
                        looked.push(Looked {
                            origin: place.origin,
                            path: file,
                            problem: Some(error),
                        });
                    }
                    Err(failed) => return Err(failed),
                }
            }
        }
    }
    Err(LocateError::NotFound { looked }.into())
}

/// Returns the file that a stated path leads to: a path that no search of the loader can
/// send elsewhere.
fn of_stated(path: PathBuf, stated_by: Origin) -> Result<PathBuf, LocateError> {
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(LocateError::NotAt { path, stated_by });
        }
        Err(error) => {
            let detail = error.to_string();
            return Err(LocateError::Unreadable { path, detail });
        }
    };
    if !real.is_dir() {
        return Ok(real);
    }
    let package = real.join("onnxruntime").join("capi");
    let mut files = search::candidates(&real)
        .into_iter()
        .chain(search::candidates(&package));
    files.next().ok_or(LocateError::NotAt { path, stated_by })
}
