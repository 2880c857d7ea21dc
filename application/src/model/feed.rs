//! What one connection offers: fetched alone, kept, refreshed behind the reader's back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keelson_domain::model::{Connection, ModelProvider, ProviderError};
use keelson_domain::shared::{Clock, Timestamp};
use serde_json::Value;
use tokio::sync::Notify;

use crate::spawn;

/// How long a reader waits for a connection of which nothing is known yet; the fetch itself goes on.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a connection that failed once is left alone, in seconds; doubles with each failure.
const FIRST_PAUSE: i64 = 2;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 60;
/// How long the last list of a connection that fails stays in use, in seconds.
const GRACE: i64 = 300;

/// How a feed fetches.
pub(super) struct Fetch {
    pub(super) provider: Arc<dyn ModelProvider>,
    pub(super) connection: Arc<Connection>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) deadline: Duration,
}

#[derive(Default)]
struct State {
    models: Arc<Vec<Value>>,
    fetched_at: Option<Timestamp>,
    fetching: bool,
    failures: u32,
    retry_at: Option<Timestamp>,
}

/// The list of one connection. At most one fetch runs at a time, whoever asks.
pub(super) struct Feed {
    fetch: Fetch,
    state: Mutex<State>,
    done: Notify,
}

impl Feed {
    pub(super) fn new(fetch: Fetch) -> Self {
        Self {
            fetch,
            state: Mutex::default(),
            done: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The list: at once where one is known, unless `fresh` is asked for; one older than `life` is fetched again in
    /// the background. A connection that is down costs nothing.
    pub(super) async fn models(self: &Arc<Self>, fresh: bool, life: Duration) -> Arc<Vec<Value>> {
        let done = self.done.notified();
        tokio::pin!(done);
        // From here on a fetch that ends is heard of, even before the first poll.
        done.as_mut().enable();
        let (wait, start) = self.decide(fresh, life);
        if start {
            spawn::detached("model list", self.clone().run());
        }
        if wait {
            let _late = tokio::time::timeout(PATIENCE.min(self.fetch.deadline), done).await;
        }
        self.state().models.clone()
    }

    /// Whether to wait for a fetch, and whether to start one.
    fn decide(&self, fresh: bool, life: Duration) -> (bool, bool) {
        let now = self.fetch.clock.now();
        let mut state = self.state();
        if state.retry_at.is_some_and(|at| at > now) {
            return (false, false);
        }
        let life = i64::try_from(life.as_nanos()).unwrap_or(i64::MAX);
        let age = state.fetched_at.map(|at| now.nanos().saturating_sub(at.nanos()));
        if !fresh && age.is_some_and(|age| age < life) {
            return (false, false);
        }
        let start = !state.fetching;
        state.fetching = true;
        (fresh || age.is_none(), start)
    }

    async fn run(self: Arc<Self>) -> Result<(), ProviderError> {
        let fetch = &self.fetch;
        let list = fetch.provider.models(&fetch.connection, &fetch.headers);
        let answer = tokio::time::timeout(fetch.deadline, list)
            .await
            .unwrap_or(Err(ProviderError::TimedOut { phase: "model list" }));
        let now = fetch.clock.now();
        let outcome = {
            let mut state = self.state();
            state.fetching = false;
            match answer {
                Ok(models) => {
                    state.models = Arc::new(models);
                    state.fetched_at = Some(now);
                    state.failures = 0;
                    state.retry_at = None;
                    Ok(())
                }
                Err(error) => {
                    state.failed(now);
                    Err(error)
                }
            }
        };
        self.done.notify_waiters();
        outcome
    }
}

impl State {
    fn failed(&mut self, now: Timestamp) {
        let pause = FIRST_PAUSE << self.failures.min(8);
        self.failures += 1;
        self.retry_at = Some(now.plus_seconds(pause.min(LONGEST_PAUSE)));
        if self.fetched_at.is_none_or(|at| now > at.plus_seconds(GRACE)) {
            self.models = Arc::default();
        }
    }
}
