//! A session with what it needs to be run under a deadline; sessions are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ort::session::{Session, SessionInputValue, SessionOutputs};

use crate::watchdog::Watched;

static MADE: AtomicUsize = AtomicUsize::new(0);
static DROPPED: AtomicUsize = AtomicUsize::new(0);

/// A session of one thread, used by one call at a time
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) session: Session,
    pub(crate) watched: Arc<Watched>,
    /// Dropped behind the session
    _counted: Counted,
}

/// Counts a session as long as it lives
#[derive(Debug)]
struct Counted;

impl Lane {
    pub(crate) fn new(session: Session) -> ort::Result<Self> {
        MADE.fetch_add(1, Ordering::Relaxed);
        let counted = Counted;
        Ok(Self {
            session,
            watched: Watched::new()?,
            _counted: counted,
        })
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.watched.forget();
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts the sessions that were made, and those of them that were dropped.
pub(crate) fn counts() -> (usize, usize) {
    let dropped = DROPPED.load(Ordering::Relaxed);
    (MADE.load(Ordering::Relaxed), dropped)
}

/// Runs a session, so that a deadline can cut it where there are options.
pub(crate) fn run<'s>(
    session: &'s mut Session,
    watched: Option<&'s Watched>,
    values: Vec<(&str, SessionInputValue<'_>)>,
) -> ort::Result<SessionOutputs<'s>> {
    match watched {
        Some(watched) => session.run_with_options(values, watched.options()),
        None => session.run(values),
    }
}
