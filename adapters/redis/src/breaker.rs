use std::future::Future;
use std::sync::Arc;

use fred::error::{Error, ErrorKind};
use keelson_domain::shared::{Clock, Timestamp};
use tokio::sync::{Notify, watch};

use crate::health::Health;

/// The circuit breaker of one component. Closed, it lets commands through; the first command that finds the connection
/// lost opens it, and every caller fails at once, also those that wait already. The connection monitor probes in the
/// background (the half-open state) and closes it.
pub(crate) struct Breaker {
    name: &'static str,
    clock: Arc<dyn Clock>,
    state: watch::Sender<State>,
    /// Wakes the connection monitor.
    wake: Arc<Notify>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    is_open: bool,
    since: Timestamp,
}

/// Why a command brought no result.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The breaker is open.
    Open,
    /// The command failed.
    Failed(Error),
}

impl Breaker {
    /// Open until the connection monitor closes it for the first time.
    pub(crate) fn new(name: &'static str, clock: Arc<dyn Clock>, wake: Arc<Notify>) -> Self {
        let since = clock.now();
        Self {
            name,
            clock,
            state: watch::Sender::new(State { is_open: true, since }),
            wake,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state.borrow().is_open
    }

    /// Waits until commands are let through.
    pub(crate) async fn wait_until_closed(&self) {
        // The sender lives as long as `self`.
        let _ = self.state.subscribe().wait_for(|state| !state.is_open).await;
    }

    /// Runs a command, if the breaker is closed.
    pub(crate) async fn call<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, CallError> {
        let mut state = self.state.subscribe();
        if state.borrow().is_open {
            return Err(CallError::Open);
        }
        tokio::select! {
            biased;
            result = work => result.map_err(|error| {
                if is_lost(&error) {
                    self.open(&error.to_string());
                }
                CallError::Failed(error)
            }),
            _ = state.wait_for(|state| state.is_open) => Err(CallError::Open),
        }
    }

    /// As [`Breaker::call`] for callers that continue without a result: a command that Redis refused is logged here.
    pub(crate) async fn attempt<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Option<T> {
        match self.call(work).await {
            Ok(value) => Some(value),
            Err(CallError::Failed(error)) if !is_lost(&error) => {
                tracing::warn!(component = self.name, %error, "Redis refused a command; continuing without it");
                None
            }
            Err(_) => None,
        }
    }

    /// Opens the breaker if the error means that the connection is lost; whether it does.
    pub(crate) fn open_if_lost(&self, error: &Error) -> bool {
        let lost = is_lost(error);
        if lost {
            self.open(&error.to_string());
        }
        lost
    }

    pub(crate) fn open(&self, reason: &str) {
        if self.set(true) {
            tracing::debug!(component = self.name, reason, "Redis circuit breaker opened");
        }
        self.wake.notify_one();
    }

    pub(crate) fn close(&self) {
        if self.set(false) {
            tracing::debug!(component = self.name, "Redis circuit breaker closed");
        }
    }

    /// Whether this changed the state.
    fn set(&self, is_open: bool) -> bool {
        let now = self.clock.now();
        self.state.send_if_modified(|state| {
            let changed = state.is_open != is_open;
            if changed {
                *state = State { is_open, since: now };
            }
            changed
        })
    }

    pub(crate) fn health(&self) -> Health {
        let state = *self.state.borrow();
        Health {
            name: self.name,
            is_up: !state.is_open,
            since: state.since,
        }
    }
}

/// Whether an error means that Redis cannot be reached or cannot serve, rather than that it refused one command.
fn is_lost(error: &Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::InvalidCommand
            | ErrorKind::InvalidArgument
            | ErrorKind::Parse
            | ErrorKind::NotFound
            | ErrorKind::Protocol
            | ErrorKind::Config
            | ErrorKind::Url
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct FixedClock;
    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1)
        }
    }

    fn breaker() -> Breaker {
        Breaker::new("test", Arc::new(FixedClock), Arc::default())
    }

    #[tokio::test]
    async fn a_lost_connection_opens_it_and_waiting_callers_fail() {
        let breaker = Arc::new(breaker());
        breaker.close();
        let waiting = tokio::spawn({
            let breaker = breaker.clone();
            async move {
                breaker
                    .call(std::future::pending::<Result<(), Error>>())
                    .await
                    .is_err()
            }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let lost = breaker
            .attempt(async { Err::<(), _>(Error::new(ErrorKind::Timeout, "late")) })
            .await;
        assert!(lost.is_none() && breaker.is_open());
        assert!(waiting.await.unwrap(), "a waiting caller fails at once");
        assert!(matches!(
            breaker.call(async { Ok(()) }).await,
            Err(CallError::Open)
        ));
        breaker.close();
        assert_eq!(breaker.attempt(async { Ok(7) }).await, Some(7));
    }

    #[tokio::test]
    async fn a_refused_command_leaves_it_closed() {
        let breaker = breaker();
        breaker.close();
        let refused = Error::new(ErrorKind::InvalidArgument, "WRONGTYPE");
        assert!(breaker.attempt(async { Err::<(), _>(refused) }).await.is_none());
        assert!(!breaker.is_open() && breaker.health().is_up);
    }
}
