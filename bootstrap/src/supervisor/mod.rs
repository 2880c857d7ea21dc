//! Keeps background loops running: whatever ends before its time is started again, and somebody hears of it.

mod pace;
mod state;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::BTreeMap;
use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use keelson_application::system::Readiness;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use state::{LoopState, Standing};

use pace::{Pace, Pauses};
use state::Kept;

/// Runs named loops until they are told to stop. Clones are the same one.
#[derive(Clone)]
pub struct Supervisor {
    pace: Pace,
    stop: CancellationToken,
    readiness: Readiness,
    running: TaskTracker,
    loops: Arc<Mutex<BTreeMap<&'static str, Kept>>>,
}

impl Supervisor {
    /// Loops stop with the token; those that fail are told as degraded.
    pub fn new(stop: CancellationToken, readiness: Readiness) -> Self {
        Self::with(Pace::default(), stop, readiness)
    }

    fn with(pace: Pace, stop: CancellationToken, readiness: Readiness) -> Self {
        Self {
            pace,
            stop,
            readiness,
            running: TaskTracker::new(),
            loops: Arc::default(),
        }
    }

    /// Keeps a loop running. `pass` is one run of it: it gets the token that tells it to stop, and ends earlier only
    /// when it fails. An end without an error and a panic are failures too. A name is given once.
    pub fn keep<F, Fut, E>(&self, name: &'static str, pass: F)
    where
        F: Fn(CancellationToken) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send + 'static,
    {
        self.loops().insert(name, Kept::new(Instant::now()));
        let supervisor = self.clone();
        self.running
            .spawn(async move { supervisor.attend(name, &pass).await });
    }

    /// How every loop fares, by name.
    pub fn states(&self) -> Vec<LoopState> {
        self.loops().iter().map(|(name, kept)| kept.state(name)).collect()
    }

    /// Waits until all loops have ended; they must have been told to stop.
    pub async fn ended(&self) {
        self.running.close();
        self.running.wait().await;
    }

    async fn attend<F, Fut, E>(&self, name: &'static str, pass: &F)
    where
        F: Fn(CancellationToken) -> Fut + Sync,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send,
    {
        let mut pauses = Pauses::new(self.pace);
        while !self.stop.is_cancelled() {
            let started = Instant::now();
            let failure = self.run(name, pass).await;
            if self.stop.is_cancelled() {
                break;
            }
            self.failed(name, failure);
            let pause = pauses.after(started.elapsed());
            if tokio::time::timeout(pause, self.stop.cancelled()).await.is_ok() {
                break;
            }
            self.change(name, Kept::restarted);
        }
        self.change(name, Kept::stopped);
    }

    /// One pass; why it ended.
    async fn run<F, Fut, E>(&self, name: &'static str, pass: &F) -> String
    where
        F: Fn(CancellationToken) -> Fut + Sync,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send,
    {
        // The call too, not only what it returns, may panic.
        let pass = AssertUnwindSafe(async { pass(self.stop.clone()).await }).catch_unwind();
        let late = async {
            self.stop.cancelled().await;
            tokio::time::sleep(self.pace.farewell).await;
        };
        let well = async {
            tokio::time::sleep(self.pace.good).await;
            self.recovered(name);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            ended = pass => match ended {
                Ok(Ok(())) => "it ended by itself".to_owned(),
                Ok(Err(error)) => chain(&error),
                Err(panic) => format!("it panicked: {}", said(panic.as_ref())),
            },
            () = late => {
                tracing::warn!(work = name, "a background loop did not stop in time and is dropped");
                String::new()
            }
            () = well => String::new(),
        }
    }

    fn failed(&self, name: &'static str, failure: String) {
        let new = self.change(name, |kept| kept.failed(Instant::now()));
        if new {
            self.readiness.degraded(name);
            tracing::warn!(
                work = name,
                failure,
                "a background loop failed; it is started again until it runs"
            );
        } else {
            tracing::debug!(work = name, failure, "a background loop failed again");
        }
    }

    fn recovered(&self, name: &'static str) {
        if let Some((lasted, restarts)) = self.change(name, |kept| kept.recovered(Instant::now())) {
            self.readiness.recovered(name);
            tracing::info!(
                work = name,
                seconds = lasted.as_secs(),
                restarts,
                "a background loop runs again"
            );
        }
    }

    fn change<T: Default>(&self, name: &'static str, change: impl FnOnce(&mut Kept) -> T) -> T {
        self.loops().get_mut(name).map(change).unwrap_or_default()
    }

    fn loops(&self) -> MutexGuard<'_, BTreeMap<&'static str, Kept>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error with all that lies under it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(under) = source {
        text = format!("{text}: {under}");
        source = under.source();
    }
    text
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
