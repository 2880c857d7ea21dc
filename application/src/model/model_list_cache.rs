use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keelson_domain::model::{Connection, ListedModels, ModelProvider};
use keelson_domain::shared::{Clock, Timestamp};
use tokio::sync::Notify;

use crate::spawn;

/// How long a reader waits for the first list of a connection; the fetch itself goes on.
const MAX_WAIT: Duration = Duration::from_secs(3);
/// How long a connection is not asked again after its first failure, in seconds; doubles with each failure.
const FIRST_BACKOFF: i64 = 2;
/// The longest back-off, in seconds.
const MAX_BACKOFF: i64 = 60;
/// How long the last list of a failing connection stays in use, in seconds.
const STALE_IF_ERROR: i64 = 300;

/// How a model list is fetched.
pub(super) struct ModelListFetch {
    pub(super) provider: Arc<dyn ModelProvider>,
    pub(super) connection: Arc<Connection>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timeout: Duration,
}

/// What a reader does about a list.
#[derive(Default)]
struct FetchPlan {
    wait: bool,
    start: bool,
}

#[derive(Default)]
struct State {
    listed: Arc<ListedModels>,
    fetched_at: Option<Timestamp>,
    is_fetching: bool,
    failures: u32,
    retry_at: Option<Timestamp>,
}

/// The model list of one connection: fetched apart from other connections, at most once at a time, and refreshed in the
/// background.
pub(super) struct ModelListCache {
    fetch: ModelListFetch,
    state: Mutex<State>,
    fetched: Notify,
}

impl ModelListCache {
    pub(super) fn new(fetch: ModelListFetch) -> Self {
        Self {
            fetch,
            state: Mutex::default(),
            fetched: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The list: at once where there is one, unless `force_refresh`; one older than `ttl` is fetched again in the
    /// background. A connection that backs off is not waited for.
    pub(super) async fn load(self: &Arc<Self>, force_refresh: bool, ttl: Duration) -> Arc<ListedModels> {
        let fetched = self.fetched.notified();
        tokio::pin!(fetched);
        // Registered before the fetch starts, so that its notification is not missed.
        fetched.as_mut().enable();
        let plan = self.plan_fetch(force_refresh, ttl);
        if plan.start {
            spawn::detached("fetch of a model list", self.clone().fetch_list());
        }
        if plan.wait {
            let _timed_out = tokio::time::timeout(MAX_WAIT.min(self.fetch.timeout), fetched).await;
        }
        self.lock().listed.clone()
    }

    /// Whether the provider ever sent its list.
    pub(super) fn was_fetched(&self) -> bool {
        self.lock().fetched_at.is_some()
    }

    fn plan_fetch(&self, force_refresh: bool, ttl: Duration) -> FetchPlan {
        let now = self.fetch.clock.now();
        let mut state = self.lock();
        if state.retry_at.is_some_and(|at| at > now) {
            return FetchPlan::default();
        }
        let ttl = i64::try_from(ttl.as_nanos()).unwrap_or(i64::MAX);
        let age = state.fetched_at.map(|at| now.nanos().saturating_sub(at.nanos()));
        if !force_refresh && age.is_some_and(|age| age < ttl) {
            return FetchPlan::default();
        }
        let start = !state.is_fetching;
        state.is_fetching = true;
        FetchPlan {
            wait: force_refresh || age.is_none(),
            start,
        }
    }

    /// Fetches the list. A failure backs off; the provider's adapter logs it, but for the time-out, which is ours.
    async fn fetch_list(self: Arc<Self>) -> Result<(), Infallible> {
        let fetch = &self.fetch;
        let list = fetch.provider.models(&fetch.connection, &fetch.headers);
        let answer = tokio::time::timeout(fetch.timeout, list).await;
        let now = fetch.clock.now();
        let is_late = answer.is_err();
        let is_first_failure = {
            let mut state = self.lock();
            state.is_fetching = false;
            match answer {
                Ok(Ok(listed)) => {
                    state.listed = Arc::new(listed);
                    state.fetched_at = Some(now);
                    state.failures = 0;
                    state.retry_at = None;
                }
                Ok(Err(_)) | Err(_) => state.back_off(now),
            }
            state.failures == 1
        };
        if is_late && is_first_failure {
            tracing::warn!(
                address = fetch.connection.address(),
                seconds = fetch.timeout.as_secs_f64(),
                "a provider did not send its list of models in time"
            );
        }
        self.fetched.notify_waiters();
        Ok(())
    }
}

impl State {
    fn back_off(&mut self, now: Timestamp) {
        let backoff = FIRST_BACKOFF << self.failures.min(8);
        self.failures += 1;
        self.retry_at = Some(now.plus_seconds(backoff.min(MAX_BACKOFF)));
        if self
            .fetched_at
            .is_none_or(|at| now > at.plus_seconds(STALE_IF_ERROR))
        {
            self.listed = Arc::default();
        }
    }
}
