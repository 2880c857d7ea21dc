use async_trait::async_trait;
use keelson_domain::auth::Caller;

use crate::auth::{AuthError, Authenticator};

/// Verifies tokens against the current state of accounts.
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// The account behind a valid token that was not revoked, whatever its role.
    ///
    /// # Errors
    /// As [`Authenticator::authenticate`].
    async fn verify(&self, token: &str) -> Result<Caller, AuthError>;
}

#[async_trait]
impl TokenVerifier for Authenticator {
    async fn verify(&self, token: &str) -> Result<Caller, AuthError> {
        self.authenticate(token).await
    }
}
