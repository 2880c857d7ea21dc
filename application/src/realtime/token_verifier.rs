use async_trait::async_trait;
use keelson_domain::auth::{Caller, Claims};
use keelson_domain::user::UserId;

use crate::auth::{AuthError, Authenticator};

/// Verifies tokens against the current state of accounts.
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// What a valid token says; none for any other text.
    fn claims(&self, token: &str) -> Option<Claims>;

    /// The account behind a valid token that was not revoked, whatever its role.
    ///
    /// # Errors
    /// As [`Authenticator::authenticate`].
    async fn verify(&self, token: &str) -> Result<Caller, AuthError>;

    /// Has the next verification read the account anew.
    fn forget(&self, user: &UserId);
}

#[async_trait]
impl TokenVerifier for Authenticator {
    fn claims(&self, token: &str) -> Option<Claims> {
        self.read_claims(token)
    }

    async fn verify(&self, token: &str) -> Result<Caller, AuthError> {
        self.authenticate(token).await
    }

    fn forget(&self, user: &UserId) {
        Self::forget(self, user);
    }
}
