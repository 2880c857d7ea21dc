use std::num::NonZero;
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use async_trait::async_trait;
use keelson_domain::auth::PasswordHasher;
use keelson_domain::shared::{StoreError, StoreResult};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Rounds as a power of two (the reference's value).
const COST: u32 = 12;
/// bcrypt takes this many bytes; the reference truncates longer passwords, and so does this.
const MAX_BYTES: usize = 72;

/// Verified against where an account has no hash, so that this takes as long.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| bcrypt::hash("no account has this password", COST).unwrap_or_default());

/// bcrypt, off the async threads; as many at once as there are processors, so that a flood of sign-ins makes no more
/// threads than that. The others wait in turn, and leave when their request is cancelled.
pub struct Bcrypt {
    cost: u32,
    running: Arc<Semaphore>,
}

impl Default for Bcrypt {
    fn default() -> Self {
        Self::with_cost(COST)
    }
}

impl Bcrypt {
    /// With fewer rounds, for tests that make many accounts.
    pub fn with_cost(cost: u32) -> Self {
        let at_once = available_parallelism().map_or(1, NonZero::get);
        Self {
            cost,
            running: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Works when its turn comes. Work that has begun keeps its place to its end, whether or not anybody still waits.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> StoreResult<T> {
        let place = self.running.clone().acquire_owned().await;
        let place = place.map_err(StoreError::unavailable)?;
        tokio::task::spawn_blocking(move || {
            let _place = place;
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
            hasher.hash(&password).await.expect("a hash");
        }
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
