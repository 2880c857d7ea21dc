use async_trait::async_trait;
use keelson_domain::auth::Caller;

use crate::auth::{AuthError, Authenticator};

/// Knows who is behind a token, as things stand now.
#[async_trait]
pub trait Doorkeeper: Send + Sync {
    /// The account behind a valid token that was not revoked, whatever its role.
    ///
    /// # Errors
    /// As [`Authenticator::authenticate`].
    async fn caller(&self, token: &str) -> Result<Caller, AuthError>;
}

#[async_trait]
impl Doorkeeper for Authenticator {
    async fn caller(&self, token: &str) -> Result<Caller, AuthError> {
        self.authenticate(token).await
    }
}
