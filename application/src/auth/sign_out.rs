use keelson_domain::auth::Caller;
use secrecy::ExposeSecret;

use super::{Auth, AuthError};

impl Auth {
    /// Revokes a token, here and on every instance, and ends its connections; a token that is not valid needs none.
    ///
    /// # Errors
    /// When the revocation cannot be kept.
    pub async fn sign_out(&self, token: &str) -> Result<(), AuthError> {
        let Some(claims) = self.tokens.verify(token, self.clock.now()) else {
            return Ok(());
        };
        if let Some(id) = claims.token_id {
            self.revocations.revoke(&id, claims.expires_at).await?;
            self.events.disconnect_token(&id).await;
        }
        Ok(())
    }

    /// Ends every sign-in of the caller but this one, with its connections; those whose token still counts connect again by
    /// themselves.
    pub(super) async fn end_other_sign_ins(&self, caller: &Caller) -> Result<(), AuthError> {
        let token = caller.credential.as_ref().map(ExposeSecret::expose_secret);
        let claims = token.and_then(|token| self.authenticator.read_claims(token));
        let kept = claims.and_then(|claims| claims.token_id);
        self.authenticator.end_sign_ins(caller.id(), kept).await?;
        self.events.disconnect(caller.id()).await;
        Ok(())
    }
}
