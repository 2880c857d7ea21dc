//! Supervises background loops: one that fails is restarted, logged, and reported as degraded.

mod restart;
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

pub use state::{LoopState, LoopStatus};

use restart::{RestartDelays, RestartPolicy};
use state::LoopRecord;

/// Runs named loops until they are told to stop. Clones are the same one.
#[derive(Clone)]
pub struct Supervisor {
    policy: RestartPolicy,
    stop: CancellationToken,
    readiness: Readiness,
    running: TaskTracker,
    loops: Arc<Mutex<BTreeMap<&'static str, LoopRecord>>>,
}

impl Supervisor {
    /// Loops stop with the token; failing ones are reported as degraded.
    pub fn new(stop: CancellationToken, readiness: Readiness) -> Self {
        Self::with_policy(RestartPolicy::default(), stop, readiness)
    }

    fn with_policy(policy: RestartPolicy, stop: CancellationToken, readiness: Readiness) -> Self {
        Self {
            policy,
            stop,
            readiness,
            running: TaskTracker::new(),
            loops: Arc::default(),
        }
    }

    /// Starts a loop and keeps it running. `run` is one run of it: it gets the token that stops it, and ends earlier only
    /// when it fails. An end without an error and a panic are failures too. Names are unique.
    pub fn spawn<F, Fut, E>(&self, name: &'static str, run: F)
    where
        F: Fn(CancellationToken) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send + 'static,
    {
        self.loops().insert(name, LoopRecord::new(Instant::now()));
        let supervisor = self.clone();
        self.running
            .spawn(async move { supervisor.supervise(name, &run).await });
    }

    /// The state of every loop, by name.
    pub fn states(&self) -> Vec<LoopState> {
        self.loops()
            .iter()
            .map(|(name, record)| record.state(name))
            .collect()
    }

    /// Waits until all loops have ended; the token must be cancelled.
    pub async fn wait_until_ended(&self) {
        self.running.close();
        self.running.wait().await;
    }

    async fn supervise<F, Fut, E>(&self, name: &'static str, run: &F)
    where
        F: Fn(CancellationToken) -> Fut + Sync,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send,
    {
        let mut delays = RestartDelays::new(self.policy);
        while !self.stop.is_cancelled() {
            let started = Instant::now();
            let failure = self.run_once(name, run).await;
            if self.stop.is_cancelled() {
                break;
            }
            self.record_failure(name, failure);
            let delay = delays.next_after(started.elapsed());
            if tokio::time::timeout(delay, self.stop.cancelled()).await.is_ok() {
                break;
            }
            self.update(name, LoopRecord::record_restart);
        }
        self.update(name, LoopRecord::record_stop);
    }

    /// Runs the loop once; returns why it ended.
    async fn run_once<F, Fut, E>(&self, name: &'static str, run: &F) -> String
    where
        F: Fn(CancellationToken) -> Fut + Sync,
        Fut: Future<Output = Result<(), E>> + Send,
        E: Error + Send,
    {
        // The call too, not only what it returns, may panic.
        let run = AssertUnwindSafe(async { run(self.stop.clone()).await }).catch_unwind();
        let timed_out = async {
            self.stop.cancelled().await;
            tokio::time::sleep(self.policy.stop_timeout).await;
        };
        let healthy = async {
            tokio::time::sleep(self.policy.healthy_after).await;
            self.record_recovery(name);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            ended = run => match ended {
                Ok(Ok(())) => "ended without an error".to_owned(),
                Ok(Err(error)) => error_chain(&error),
                Err(panic) => format!("panicked: {}", panic_message(panic.as_ref())),
            },
            () = timed_out => {
                tracing::warn!(name, "a background loop did not stop in time and was aborted");
                String::new()
            }
            () = healthy => String::new(),
        }
    }

    fn record_failure(&self, name: &'static str, failure: String) {
        let is_first = self.update(name, |record| record.record_failure(Instant::now()));
        if is_first {
            self.readiness.degraded(name);
            tracing::warn!(name, failure, "a background loop failed and is restarted");
        } else {
            tracing::debug!(name, failure, "a background loop failed again");
        }
    }

    fn record_recovery(&self, name: &'static str) {
        if let Some((lasted, restarts)) = self.update(name, |record| record.record_recovery(Instant::now())) {
            self.readiness.recovered(name);
            tracing::info!(
                name,
                seconds = lasted.as_secs(),
                restarts,
                "a background loop recovered"
            );
        }
    }

    fn update<T: Default>(&self, name: &'static str, update: impl FnOnce(&mut LoopRecord) -> T) -> T {
        self.loops().get_mut(name).map(update).unwrap_or_default()
    }

    fn loops(&self) -> MutexGuard<'_, BTreeMap<&'static str, LoopRecord>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error with its sources.
fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// The message of a panic.
fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
