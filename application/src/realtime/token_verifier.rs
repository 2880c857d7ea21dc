use async_trait::async_trait;
use keelson_domain::auth::{Caller, Claims};

use crate::auth::{AuthError, Authenticator};

/// Verifies tokens against the current state of accounts.
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// What a valid token says; none for any other text.
    fn claims(&self, token: &str) -> Option<Claims>;

    /// The account behind a valid token that was not revoked, whatever its role, as it is stored now.
    ///
    /// # Errors
    /// As [`Authenticator::authenticate`].
    async fn verify(&self, token: &str) -> Result<Caller, AuthError>;
}

#[async_trait]
impl TokenVerifier for Authenticator {
    fn claims(&self, token: &str) -> Option<Claims> {
        self.read_claims(token)
    }

    async fn verify(&self, token: &str) -> Result<Caller, AuthError> {
        // A connection may live for days: it does not begin with what was known of the account some seconds ago.
        if let Some(claims) = self.read_claims(token) {
            self.forget(&claims.user);
        }
        self.authenticate(token).await
    }
}
