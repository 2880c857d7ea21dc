use super::{Auth, AuthError};

impl Auth {
    /// Revokes a token, here and on every instance; a token that is not valid needs none.
    ///
    /// # Errors
    /// When the revocation cannot be kept.
    pub async fn sign_out(&self, token: &str) -> Result<(), AuthError> {
        let Some(claims) = self.tokens.verify(token, self.clock.now()) else {
            return Ok(());
        };
        if let Some(id) = claims.token_id {
            self.revocations.revoke(&id, claims.expires_at).await?;
        }
        Ok(())
    }
}
