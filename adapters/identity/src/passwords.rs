use std::sync::LazyLock;

use async_trait::async_trait;
use keelson_domain::auth::PasswordHasher;
use keelson_domain::shared::{StoreError, StoreResult};
use secrecy::{ExposeSecret, SecretString};

/// Rounds as a power of two (the reference's value).
const COST: u32 = 12;
/// bcrypt takes this many bytes; the reference truncates longer passwords, and so does this.
const MAX_BYTES: usize = 72;

/// Verified against where an account has no hash, so that this takes as long.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| bcrypt::hash("no account has this password", COST).unwrap_or_default());

/// bcrypt, on threads of its own.
pub struct Bcrypt {
    cost: u32,
}

impl Default for Bcrypt {
    fn default() -> Self {
        Self { cost: COST }
    }
}

impl Bcrypt {
    /// With fewer rounds, for tests that make many accounts.
    pub fn with_cost(cost: u32) -> Self {
        Self { cost }
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
        tokio::task::spawn_blocking(move || bcrypt::hash(password, cost))
            .await
            .map_err(StoreError::unavailable)?
            .map_err(StoreError::unavailable)
    }

    async fn verify(&self, password: &SecretString, hash: Option<&str>) -> StoreResult<bool> {
        let password = truncate(password);
        let hash = hash.map(str::to_owned);
        tokio::task::spawn_blocking(move || match hash {
            Some(hash) => bcrypt::verify(password, &hash).unwrap_or(false),
            None => {
                let _ = bcrypt::verify(password, &DUMMY);
                false
            }
        })
        .await
        .map_err(StoreError::unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
