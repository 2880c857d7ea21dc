use std::sync::Arc;
use std::time::Duration;

use keelson_domain::shared::{StoreError, StoreResult};
use keelson_domain::user::UserId;
use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Users remembered at most; one who is forgotten begins anew.
const USERS: u64 = 10_000;
/// How long a user who does nothing is remembered.
const IDLE: Duration = Duration::from_secs(60);

/// Lets each user do only so much of something costly at a time, so that nobody holds all connections to the database.
pub(crate) struct UserShares {
    at_once: usize,
    waiting: usize,
    what: &'static str,
    users: Cache<UserId, Arc<Share>>,
}

struct Share {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// The right to go on; dropped when it is done.
pub(crate) struct Turn(#[expect(dead_code, reason = "held, not read")] [OwnedSemaphorePermit; 2]);

impl UserShares {
    /// So many at once and so many more waiting; `what` names them in the plural.
    pub(crate) fn new(at_once: usize, waiting: usize, what: &'static str) -> Self {
        Self {
            at_once,
            waiting,
            what,
            users: Cache::builder().max_capacity(USERS).time_to_idle(IDLE).build(),
        }
    }

    /// Waits for the user's turn; who is cancelled leaves the queue.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub(crate) async fn take(&self, user: &UserId) -> StoreResult<Turn> {
        let share = self.users.get_with_by_ref(user, || {
            Arc::new(Share {
                running: Arc::new(Semaphore::new(self.at_once)),
                admitted: Arc::new(Semaphore::new(self.at_once + self.waiting)),
            })
        });
        let admitted = share.admitted.clone().try_acquire_owned();
        let admitted = admitted.map_err(|_| StoreError::Busy {
            what: self.what,
            retry_after: Duration::from_secs(2),
        })?;
        let running = share.running.clone().acquire_owned().await;
        Ok(Turn([admitted, running.map_err(StoreError::unavailable)?]))
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[tokio::test]
    async fn one_user_waits_for_themselves_alone() {
        let shares = UserShares::new(2, 1, "searches");
        let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
        let first = shares.take(&ann).await.expect("a turn");
        let _second = shares.take(&ann).await.expect("a turn");
        let mut context = Context::from_waker(Waker::noop());
        {
            let mut third = pin!(shares.take(&ann));
            assert!(third.as_mut().poll(&mut context).is_pending());
            let fourth = shares.take(&ann).await.map(|_| ());
            assert!(matches!(fourth, Err(StoreError::Busy { .. })), "{fourth:?}");
            let _other = shares.take(&bob).await.expect("a turn of another");
            drop(first);
            assert!(matches!(third.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
        }
        {
            let mut cancelled = pin!(shares.take(&ann));
            let _turn = match cancelled.as_mut().poll(&mut context) {
                Poll::Ready(turn) => turn.expect("a turn"),
                Poll::Pending => panic!("a place is free"),
            };
            let mut waiting = pin!(shares.take(&ann));
            assert!(waiting.as_mut().poll(&mut context).is_pending());
        }
        shares.take(&ann).await.expect("those cancelled took no place");
    }
}
