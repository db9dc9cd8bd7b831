//! The one thread that cuts runs at their deadlines.
//!
//! It sleeps until the first deadline there is. A call that ends in time takes its
//! deadline back and wakes nobody: the thread looks once at a time at which a deadline
//! was, and finds none or a later one. So it wakes at most once a deadline's length for
//! each session, however many calls there are, and its queue has at most one entry for
//! each session.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ort::session::RunOptions;

static WATCHDOG: Watchdog = Watchdog {
    queue: Mutex::new(Queue {
        entries: BinaryHeap::new(),
        started: false,
    }),
    changed: Condvar::new(),
};

struct Watchdog {
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    /// The earliest on top, at most one for each [`Watched`]
    entries: BinaryHeap<Reverse<Entry>>,
    started: bool,
}

/// When to look at what
struct Entry {
    at: Instant,
    watched: Arc<Watched>,
}

/// What the thread knows of one session
pub(crate) struct Watched {
    /// With these runs the session under a deadline
    options: RunOptions,
    run: Mutex<Run>,
}

/// The call that a session is in
#[derive(Debug, Default)]
struct Run {
    /// When to cut it; `None` between calls that have one
    deadline: Option<Instant>,
    /// When the thread looks at this next
    looks: Option<Instant>,
    /// The call was cut
    cut: bool,
}

/// A call under a deadline, which it has no longer when this is dropped
pub(crate) struct Armed<'a>(&'a Watched);

/// Starts the thread, where it does not run yet.
///
/// # Errors
///
/// What the system says where it has no thread left.
pub(crate) fn start() -> io::Result<()> {
    let mut queue = lock(&WATCHDOG.queue);
    if !queue.started {
        let thread = std::thread::Builder::new().name("krites-watchdog".to_owned());
        thread.spawn(|| WATCHDOG.watch())?;
        queue.started = true;
    }
    Ok(())
}

impl std::fmt::Debug for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watched")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl Watched {
    /// Makes what a session needs to be cut.
    pub(crate) fn new() -> ort::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            options: RunOptions::new()?,
            run: Mutex::default(),
        }))
    }

    /// Returns what the session runs with under a deadline.
    pub(crate) fn options(&self) -> &RunOptions {
        &self.options
    }

    /// Cuts what runs with the options, if it still runs at `deadline`.
    pub(crate) fn arm(self: &Arc<Self>, deadline: Instant) -> Armed<'_> {
        let mut run = lock(&self.run);
        run.deadline = Some(deadline);
        if run.looks.is_none_or(|at| at > deadline) {
            self.look_at(deadline, &mut run);
        }
        Armed(self)
    }

    /// Forgets the session, which is about to be dropped.
    pub(crate) fn forget(&self) {
        if lock(&self.run).looks.is_some() {
            let mut queue = lock(&WATCHDOG.queue);
            queue.entries.retain(|entry| !entry.0.is_for(self));
        }
    }

    fn look_at(self: &Arc<Self>, at: Instant, run: &mut Run) {
        run.looks = Some(at);
        // INVARIANT: whoever holds both locks took that of the run first.
        let mut queue = lock(&WATCHDOG.queue);
        queue.entries.retain(|entry| !entry.0.is_for(self));
        let first = queue.entries.peek().is_none_or(|first| first.0.at > at);
        queue.entries.push(Reverse(Entry {
            at,
            watched: Arc::clone(self),
        }));
        if first {
            WATCHDOG.changed.notify_one();
        }
    }

    fn look(self: &Arc<Self>, now: Instant) {
        let mut run = lock(&self.run);
        run.looks = None;
        match run.deadline {
            Some(deadline) if deadline > now => self.look_at(deadline, &mut run),
            Some(_) => {
                // INVARIANT: the lock is held, so the call that is cut is the one that
                // has the deadline, and it sees that it was cut.
                run.deadline = None;
                run.cut = self.options.terminate().is_ok();
            }
            None => {}
        }
    }
}

impl Armed<'_> {
    /// Takes the deadline back and tells whether the call was cut.
    pub(crate) fn disarm(self) -> bool {
        self.0.disarm()
    }
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.0.disarm();
    }
}

impl Watched {
    fn disarm(&self) -> bool {
        let mut run = lock(&self.run);
        run.deadline = None;
        let cut = std::mem::take(&mut run.cut);
        if cut {
            // It fails for no options alone; the next call would say so.
            let _ = self.options.unterminate();
        }
        cut
    }
}

impl Watchdog {
    fn watch(&self) -> ! {
        let mut queue = lock(&self.queue);
        loop {
            let now = Instant::now();
            let at = queue.entries.peek().map(|entry| entry.0.at);
            match at.map(|at| at.saturating_duration_since(now)) {
                None => {
                    let woken = self.changed.wait(queue);
                    queue = woken.unwrap_or_else(PoisonError::into_inner);
                }
                Some(left) if !left.is_zero() => {
                    let woken = self.changed.wait_timeout(queue, left);
                    queue = woken.unwrap_or_else(PoisonError::into_inner).0;
                }
                Some(_) => {
                    let due = queue.entries.pop();
                    drop(queue);
                    if let Some(Reverse(entry)) = due {
                        entry.watched.look(now);
                    }
                    queue = lock(&self.queue);
                }
            }
        }
    }
}

impl Entry {
    fn is_for(&self, watched: &Watched) -> bool {
        std::ptr::eq(Arc::as_ptr(&self.watched), watched)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
