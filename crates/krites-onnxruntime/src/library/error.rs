//! Why there is no ONNX Runtime, and where it was looked for.

use std::fmt;
use std::path::PathBuf;

/// Who stated the library, or where it was found
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The caller stated it
    Caller,
    /// The variable `ORT_DYLIB_PATH` did
    Variable,
    /// It was found beside the program
    Executable,
    /// It was found in the Python environment of the variable `VIRTUAL_ENV`
    VirtualEnv,
    /// It was found in the environment of the variable `CONDA_PREFIX`
    Conda,
    /// It was found where the system's loader is told to look, by `LD_LIBRARY_PATH` or
    /// `DYLD_LIBRARY_PATH`
    LoaderPath,
    /// It was found in a folder where systems have libraries
    System,
    /// The host had it loaded and handed it over
    Host,
}

impl Origin {
    /// Returns one word for it, as programs read it: `caller`, `variable`, `executable`,
    /// `virtual_env`, `conda`, `loader_path`, `system`, `host`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Variable => "variable",
            Self::Executable => "executable",
            Self::VirtualEnv => "virtual_env",
            Self::Conda => "conda",
            Self::LoaderPath => "loader_path",
            Self::System => "system",
            Self::Host => "host",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Caller => "the caller",
            Self::Variable => "ORT_DYLIB_PATH",
            Self::Executable => "the folder of the program",
            Self::VirtualEnv => "VIRTUAL_ENV",
            Self::Conda => "CONDA_PREFIX",
            Self::LoaderPath if cfg!(target_os = "macos") => "DYLD_LIBRARY_PATH",
            Self::LoaderPath => "LD_LIBRARY_PATH",
            Self::System => "a folder of the system",
            Self::Host => "the host",
        })
    }
}

/// A place that was looked at without success
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What made it a place to look at
    pub origin: Origin,
    /// The folder, or the file that was passed over
    pub path: PathBuf,
    /// Why its library was passed over; nothing where it has none
    pub problem: Option<LocateError>,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            origin,
            path,
            problem,
        } = self;
        match problem {
            None => write!(f, "{} ({origin}): no library", path.display()),
            Some(problem) => write!(f, "{} ({origin}): {}", path.display(), problem.short()),
        }
    }
}

/// Why there is no ONNX Runtime
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// Nobody stated a path, and no place that was searched has a library that can be used
    #[error(
        "the ONNX Runtime library was not found; `pip install onnxruntime` and set ORT_DYLIB_PATH \
         to the libonnxruntime file in its folder onnxruntime/capi{}",
        lines(looked)
    )]
    NotFound {
        /// The places that were searched, in their order; none where the search is off
        looked: Vec<Looked>,
    },
    /// A stated path leads to no file
    #[error(
        "there is no ONNX Runtime library at `{path}`, which {stated_by} states; \
         `pip install onnxruntime` and state the libonnxruntime file in its folder onnxruntime/capi"
    )]
    NotAt {
        /// The path
        path: PathBuf,
        /// Who states it
        stated_by: Origin,
    },
    /// The library is older than the interface that is used of it
    #[error("`{path}` is {}; {}", self.short(), self.help())]
    TooOld {
        /// The file
        path: PathBuf,
        /// The version that it says it has
        found: String,
    },
    /// The library has another major version, whose interface nobody knows here
    #[error("`{path}` is {}; {}", self.short(), self.help())]
    OtherMajor {
        /// The file
        path: PathBuf,
        /// The version that it says it has
        found: String,
    },
    /// The file has no content
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    Empty {
        /// The file
        path: PathBuf,
    },
    /// The file ends too early
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    Truncated {
        /// The file
        path: PathBuf,
    },
    /// The file is larger than any library
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    TooLarge {
        /// The file
        path: PathBuf,
        /// Its size
        bytes: u64,
        /// The largest that is looked at
        most: u64,
    },
    /// The file is no shared library
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    NotALibrary {
        /// The file
        path: PathBuf,
        /// What it is instead
        detail: String,
    },
    /// The library is for another system or processor
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    OtherMachine {
        /// The file
        path: PathBuf,
        /// What it is for, such as `ELF for aarch64`
        found: String,
        /// What this process needs
        needed: String,
    },
    /// The library is another one: it does not export `OrtGetApiBase`
    #[error("`{path}` cannot be the ONNX Runtime library: {}; {}", self.short(), self.help())]
    NotOnnxRuntime {
        /// The file
        path: PathBuf,
    },
    /// The file cannot be read
    #[error(
        "`{path}` cannot be read: {detail}; permit this process to read it, or state another library"
    )]
    Unreadable {
        /// The file
        path: PathBuf,
        /// What the system said
        detail: String,
    },
    /// The library cannot be loaded, or does not work
    #[error("`{path}` cannot be used as the ONNX Runtime library: {detail}; {}", self.help())]
    Unusable {
        /// The file
        path: PathBuf,
        /// What the system or the library said
        detail: String,
    },
    /// The host has loaded another library, of which a process has one: it hands over an
    /// environment and states the wrong file for it, or has not handed it over
    #[error(
        "`{path}` is not the library that this process has loaded; state the one that the host \
         gave to `ort::init_from` or ORT_DYLIB_PATH"
    )]
    NotLoaded {
        /// The file
        path: PathBuf,
    },
    /// The host has an environment of ONNX Runtime of its own, of which a process has one
    #[error(
        "this process has an environment of ONNX Runtime already; hand it over by \
         `OnnxRuntime::adopt` before a model needs it"
    )]
    HostsOwn,
}

impl LocateError {
    /// Returns one word for it, as programs read it: `not_found`, `too_old` and so on, the
    /// name of the variant.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::NotAt { .. } => "not_at",
            Self::TooOld { .. } => "too_old",
            Self::OtherMajor { .. } => "other_major",
            Self::Empty { .. } => "empty",
            Self::Truncated { .. } => "truncated",
            Self::TooLarge { .. } => "too_large",
            Self::NotALibrary { .. } => "not_a_library",
            Self::OtherMachine { .. } => "other_machine",
            Self::NotOnnxRuntime { .. } => "not_onnx_runtime",
            Self::Unreadable { .. } => "unreadable",
            Self::Unusable { .. } => "unusable",
            Self::NotLoaded { .. } => "not_loaded",
            Self::HostsOwn => "hosts_own",
        }
    }

    /// Tells whether the host has a library of its own, so that no other can be had.
    pub(super) fn is_of_the_host(&self) -> bool {
        matches!(self, Self::HostsOwn | Self::NotLoaded { .. })
    }

    /// Says what is wrong without the path and what to do.
    pub(crate) fn short(&self) -> String {
        match self {
            Self::TooOld { found, .. } => format!(
                "ONNX Runtime {found}, and 1.{} or later is needed",
                ort::MINOR_VERSION
            ),
            Self::OtherMajor { found, .. } => format!(
                "ONNX Runtime {found}, and 1.{} or a later 1.x is needed",
                ort::MINOR_VERSION
            ),
            Self::Empty { .. } => "it is empty".to_owned(),
            Self::Truncated { .. } => "it ends before its own tables do".to_owned(),
            Self::TooLarge { bytes, most, .. } => {
                format!("it has {bytes} bytes, and no library has more than {most}")
            }
            Self::NotALibrary { detail, .. } => detail.clone(),
            Self::OtherMachine { found, needed, .. } => {
                format!("it is {found}, and {needed} is needed")
            }
            Self::NotOnnxRuntime { .. } => {
                "it is another library, without `OrtGetApiBase`".to_owned()
            }
            Self::Unreadable { detail, .. } | Self::Unusable { detail, .. } => detail.clone(),
            Self::NotFound { .. } | Self::NotAt { .. } => "no library".to_owned(),
            Self::NotLoaded { .. } => "it is not loaded".to_owned(),
            Self::HostsOwn => "the host has its own".to_owned(),
        }
    }

    /// Says what to do about a file that is wrong.
    fn help(&self) -> &'static str {
        match self {
            Self::TooOld { .. } => {
                "`pip install --upgrade onnxruntime`, or state a newer library by ORT_DYLIB_PATH"
            }
            Self::Empty { .. } | Self::Truncated { .. } => {
                "`pip install --force-reinstall onnxruntime`, or state a whole library by ORT_DYLIB_PATH"
            }
            _ => {
                "state the libonnxruntime file of `pip install onnxruntime`, in its folder \
                 onnxruntime/capi, by ORT_DYLIB_PATH"
            }
        }
    }
}

/// One line for each place
fn lines(looked: &[Looked]) -> String {
    match looked {
        [] => "; nothing else was searched".to_owned(),
        looked => {
            let lines = looked.iter().map(|looked| format!("\n  {looked}"));
            format!("; looked at:{}", lines.collect::<String>())
        }
    }
}
