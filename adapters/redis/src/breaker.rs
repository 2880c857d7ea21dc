use std::future::Future;
use std::sync::Arc;

use fred::error::{Error, ErrorKind};
use keelson_domain::shared::{Clock, Timestamp};
use tokio::sync::{Notify, watch};

use crate::health::Health;

/// Stands before one use of Redis. Closed, it lets commands through; the first that finds the line dead opens it,
/// and every caller is turned away at once, also those that wait already. The line's loop tries in the
/// background (that is the half-open state) and closes it.
pub(crate) struct Breaker {
    name: &'static str,
    clock: Arc<dyn Clock>,
    state: watch::Sender<State>,
    /// Wakes the line's loop.
    tripped: Arc<Notify>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    open: bool,
    since: Timestamp,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Down {
    /// The breaker is open.
    Open,
    /// The command failed.
    Failed(Error),
}

impl Breaker {
    /// Open until the line's loop closes it for the first time.
    pub(crate) fn new(name: &'static str, clock: Arc<dyn Clock>, tripped: Arc<Notify>) -> Self {
        let since = clock.now();
        Self {
            name,
            clock,
            state: watch::Sender::new(State { open: true, since }),
            tripped,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state.borrow().open
    }

    /// Waits until commands are let through.
    pub(crate) async fn closed(&self) {
        // The sender lives as long as `self`.
        let _ = self.state.subscribe().wait_for(|state| !state.open).await;
    }

    /// Runs a command, if the breaker is closed.
    pub(crate) async fn call<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Down> {
        let mut state = self.state.subscribe();
        if state.borrow().open {
            return Err(Down::Open);
        }
        tokio::select! {
            biased;
            result = work => result.map_err(|error| {
                if is_lost(&error) {
                    self.open(&error.to_string());
                }
                Down::Failed(error)
            }),
            _ = state.wait_for(|state| state.open) => Err(Down::Open),
        }
    }

    /// As [`Breaker::call`] for callers that go on without an answer: what Redis refused is logged here.
    pub(crate) async fn attempt<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Option<T> {
        match self.call(work).await {
            Ok(value) => Some(value),
            Err(Down::Failed(error)) if !is_lost(&error) => {
                tracing::warn!(r#use = self.name, %error, "Redis refused a command; going on without it");
                None
            }
            Err(_) => None,
        }
    }

    /// Whether an error says that the line is lost; it opens the breaker then.
    pub(crate) fn is_lost(&self, error: &Error) -> bool {
        let lost = is_lost(error);
        if lost {
            self.open(&error.to_string());
        }
        lost
    }

    pub(crate) fn open(&self, reason: &str) {
        if self.set(true) {
            tracing::debug!(r#use = self.name, reason, "Redis breaker opened");
        }
        self.tripped.notify_one();
    }

    pub(crate) fn close(&self) {
        if self.set(false) {
            tracing::debug!(r#use = self.name, "Redis breaker closed");
        }
    }

    fn set(&self, open: bool) -> bool {
        let now = self.clock.now();
        self.state.send_if_modified(|state| {
            let changed = state.open != open;
            if changed {
                *state = State { open, since: now };
            }
            changed
        })
    }

    pub(crate) fn health(&self) -> Health {
        let state = *self.state.borrow();
        Health {
            name: self.name,
            up: !state.open,
            since: state.since,
        }
    }
}

/// Whether an error says that Redis is not there for us, rather than that it disliked one command.
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

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(1)
        }
    }

    fn breaker() -> Breaker {
        Breaker::new("test", Arc::new(Still), Arc::default())
    }

    #[tokio::test]
    async fn it_opens_on_a_lost_line_and_turns_waiting_callers_away() {
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
        assert!(waiting.await.unwrap(), "who waits is told at once");
        assert!(matches!(breaker.call(async { Ok(()) }).await, Err(Down::Open)));
        breaker.close();
        assert_eq!(breaker.attempt(async { Ok(7) }).await, Some(7));
    }

    #[tokio::test]
    async fn a_refused_command_leaves_it_closed() {
        let breaker = breaker();
        breaker.close();
        let refused = Error::new(ErrorKind::InvalidArgument, "WRONGTYPE");
        assert!(breaker.attempt(async { Err::<(), _>(refused) }).await.is_none());
        assert!(!breaker.is_open() && breaker.health().up);
    }
}
