use std::sync::Arc;

use keelson_domain::auth::{AuthMethod, Caller, TokenSigner};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserRepository;

use super::AuthError;
use crate::Ports;

/// Turns a token or an API key into a [`Caller`].
pub struct Authenticator {
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenSigner>,
    users: Arc<dyn UserRepository>,
}

impl Authenticator {
    /// From the ports it needs.
    pub fn new(ports: &Ports) -> Self {
        Self {
            clock: ports.clock.clone(),
            tokens: ports.tokens.clone(),
            users: ports.users.clone(),
        }
    }

    /// The account behind a credential, whatever its role.
    ///
    /// # Errors
    /// [`AuthError::NotSignedIn`] when the credential is not valid or its account is gone.
    pub async fn authenticate(&self, credential: &str) -> Result<Caller, AuthError> {
        let claims = self
            .tokens
            .verify(credential, self.clock.now())
            .ok_or(AuthError::NotSignedIn)?;
        let user = self
            .users
            .find(&claims.user)
            .await?
            .ok_or(AuthError::NotSignedIn)?;
        Ok(Caller {
            user: Arc::new(user),
            method: AuthMethod::Token,
        })
    }
}
