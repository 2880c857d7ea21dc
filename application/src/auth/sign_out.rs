use keelson_domain::auth::{Caller, TokenCutoff};
use keelson_domain::user::UserId;
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

    /// Ends every sign-in of the caller but this one, with its connections.
    pub(super) async fn end_other_sign_ins(&self, caller: &Caller) -> Result<(), AuthError> {
        let token = caller.credential.as_ref().map(ExposeSecret::expose_secret);
        let now = self.clock.now();
        let claims = token.and_then(|token| self.tokens.verify(token, now));
        let cutoff = TokenCutoff {
            since: now,
            kept: claims.and_then(|claims| claims.token_id),
        };
        self.cut_off(caller.id(), &cutoff).await
    }

    async fn cut_off(&self, user: &UserId, cutoff: &TokenCutoff) -> Result<(), AuthError> {
        self.cutoffs.set(user, cutoff).await?;
        self.authenticator.forget(user);
        // Those whose token still counts connect again by themselves.
        self.events.disconnect(user).await;
        Ok(())
    }
}
