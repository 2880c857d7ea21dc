use std::num::NonZero;
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::auth::PasswordHasher;
use keelson_domain::shared::{StoreError, StoreResult};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Rounds as a power of two (the reference's value).
const COST: u32 = 12;
/// bcrypt takes this many bytes; the reference truncates longer passwords, and so does this.
const MAX_BYTES: usize = 72;

/// How many wait for each place at most: at a quarter of a second each, the last of them waits four seconds.
const WAITING_A_PLACE: usize = 16;
/// When whoever finds the queue full should ask again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Verified against where an account has no hash, so that this takes as long.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| bcrypt::hash("no account has this password", COST).unwrap_or_default());

/// bcrypt, off the async threads; at once on all processors but one, which a flood of sign-ins leaves to everybody else.
/// So many others wait in turn, and leave when their request is cancelled; the rest is told that the server is busy.
pub struct Bcrypt {
    cost: u32,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Default for Bcrypt {
    fn default() -> Self {
        Self::with_cost(COST)
    }
}

impl Bcrypt {
    /// With fewer rounds, for tests that make many accounts.
    pub fn with_cost(cost: u32) -> Self {
        let processors = available_parallelism().map_or(1, NonZero::get);
        let at_once = processors.saturating_sub(1).max(1);
        Self {
            cost,
            running: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(Semaphore::new(at_once * (1 + WAITING_A_PLACE))),
        }
    }

    /// Works when its turn comes. Work that has begun keeps its place to its end, whether or not anybody still waits.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> StoreResult<T> {
        let admitted = self.admitted.clone().try_acquire_owned();
        let admitted = admitted.map_err(|_| StoreError::Busy {
            what: "passwords to be checked",
            retry_after: RETRY_AFTER,
        })?;
        let place = self.running.clone().acquire_owned().await;
        let place = place.map_err(StoreError::unavailable)?;
        tokio::task::spawn_blocking(move || {
            let _places = (admitted, place);
            work()
        })
        .await
        .map_err(StoreError::unavailable)
    }
}

fn truncate(password: &SecretString) -> Vec<u8> {
    let text = password.expose_secret();
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.as_bytes()[..end].to_vec()
}

#[async_trait]
impl PasswordHasher for Bcrypt {
    async fn hash(&self, password: &SecretString) -> StoreResult<String> {
        let (password, cost) = (truncate(password), self.cost);
        self.run(move || bcrypt::hash(password, cost))
            .await?
            .map_err(StoreError::unavailable)
    }

    async fn verify(&self, password: &SecretString, hash: Option<&str>) -> StoreResult<bool> {
        let password = truncate(password);
        let hash = hash.map(str::to_owned);
        self.run(move || match hash {
            Some(hash) => bcrypt::verify(password, &hash).unwrap_or(false),
            None => {
                let _ = bcrypt::verify(password, &DUMMY);
                false
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn work_waits_for_a_place_and_cancelled_work_takes_none() {
        // How many are cancelled while all places are taken.
        for cancelled in [0, 1, 5, 500] {
            let hasher = Bcrypt::with_cost(4);
            let admitted = hasher.admitted.available_permits();
            let places = hasher.running.available_permits();
            let count = u32::try_from(places).expect("few");
            let taken = hasher.running.acquire_many(count).await.expect("all places");
            let password = SecretString::from("one");
            for _ in 0..cancelled {
                let mut work = pin!(hasher.verify(&password, None));
                let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(polled.is_pending());
            }
            drop(taken);
            assert_eq!(hasher.running.available_permits(), places, "{cancelled}");
            assert_eq!(hasher.admitted.available_permits(), admitted, "{cancelled}");
            hasher.hash(&password).await.expect("a hash");
        }
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_so_and_takes_no_place() {
        let hasher = Bcrypt::with_cost(4);
        let password = SecretString::from("one");
        let admitted = hasher.admitted.available_permits();
        let places = u32::try_from(hasher.running.available_permits()).expect("few");
        let taken = hasher.running.acquire_many(places).await.expect("all places");
        let mut waiting: Vec<_> = (0..admitted)
            .map(|_| Box::pin(hasher.verify(&password, None)))
            .collect();
        for work in &mut waiting {
            let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
        }
        for refused in [
            hasher.hash(&password).await.map(|_| ()),
            hasher.verify(&password, None).await.map(|_| ()),
        ] {
            assert!(matches!(refused, Err(StoreError::Busy { .. })), "{refused:?}");
        }
        drop(taken);
        drop(waiting);
        hasher.hash(&password).await.expect("a place is free again");
    }

    #[tokio::test]
    async fn a_hash_matches_its_password_only() {
        let hasher = Bcrypt::with_cost(4);
        let hash = hasher.hash(&SecretString::from("one")).await.expect("a hash");
        assert!(hash.starts_with("$2b$04$"));
        assert!(
            hasher
                .verify(&SecretString::from("one"), Some(&hash))
                .await
                .expect("an answer")
        );
        assert!(
            !hasher
                .verify(&SecretString::from("two"), Some(&hash))
                .await
                .expect("an answer")
        );
        assert!(
            !hasher
                .verify(&SecretString::from("one"), Some("no hash"))
                .await
                .expect("an answer")
        );
        let long = SecretString::from("é".repeat(60));
        let hash = hasher.hash(&long).await.expect("a hash");
        assert!(hasher.verify(&long, Some(&hash)).await.expect("an answer"));
    }
}
