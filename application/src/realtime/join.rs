use std::sync::Arc;

use keelson_domain::access::{Right, Unset};
use keelson_domain::auth::{AuthMethod, Caller};
use keelson_domain::config::table;
use keelson_domain::realtime::Audience;
use keelson_domain::user::User;
use secrecy::{ExposeSecret, SecretString};

use super::session::AuthenticatedUser;
use super::{Connection, Realtime, RealtimeError, SocketSession};
use crate::auth::AuthError;

/// How often activity is stored at most, in seconds. Clients send a heartbeat every 30 s.
const TOUCH_SECONDS: i64 = 10;

impl Realtime {
    /// A client connected and may have sent a token. Without a valid one it stays connected, but receives nothing.
    ///
    /// # Errors
    /// Only when a store fails; the client then receives nothing.
    pub async fn connect(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
        token: Option<&str>,
    ) -> Result<(), RealtimeError> {
        if let Some(token) = token {
            self.authenticate(connection, session, token).await?;
        }
        Ok(())
    }

    /// A client signs in: it then receives the events of the user and of their channels. None for a token that is not
    /// valid (any more).
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn join(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
        token: &str,
    ) -> Result<Option<Arc<User>>, RealtimeError> {
        let Some(caller) = self.authenticate(connection, session, token).await? else {
            return Ok(None);
        };
        let has_channels = self.dependencies.settings.current().bool(&table::ENABLE_CHANNELS);
        let access = self.dependencies.access.of(&caller).await?;
        if access.is_verified() && has_channels {
            let scope = access.personal_scope(Right::Read, Unset::Public);
            for channel in self
                .dependencies
                .channels
                .channels_of(caller.id(), &scope)
                .await?
            {
                connection.join(&channel.room());
            }
        }
        Ok(Some(caller.user))
    }

    /// A client says that its user is active. It is disconnected when its token has expired or was revoked.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn heartbeat(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
    ) -> Result<(), RealtimeError> {
        let mut authenticated = session.user.lock().await;
        let Some(authenticated) = authenticated.as_mut() else {
            return Ok(());
        };
        let Some(caller) = self.verify(authenticated.token.expose_secret()).await? else {
            connection.disconnect();
            return Ok(());
        };
        let now = self.dependencies.clock.now();
        if authenticated
            .touched_at
            .is_none_or(|at| at.plus_seconds(TOUCH_SECONDS) <= now)
        {
            authenticated.touched_at = Some(now);
            self.dependencies.activity.touch(caller.id(), now).await?;
        }
        Ok(())
    }

    /// A connection closed.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn close(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
    ) -> Result<(), RealtimeError> {
        *session.user.lock().await = None;
        session.set_expiry(None);
        Ok(self.dependencies.presence.exit(&connection.id()).await?)
    }

    /// Signs the token's user in on the connection; none for a token that is not valid.
    pub(super) async fn authenticate(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
        token: &str,
    ) -> Result<Option<Caller>, RealtimeError> {
        let mut authenticated = session.user.lock().await;
        let Some(caller) = self.verify(token).await? else {
            return Ok(None);
        };
        if authenticated
            .as_ref()
            .is_some_and(|previous| previous.user.id != *caller.id())
        {
            connection.leave_all();
        }
        connection.join(&Audience::User(caller.id().clone()).room());
        let claims = self.dependencies.tokens.claims(token);
        let previous = authenticated
            .as_ref()
            .and_then(|previous| previous.token_id.as_deref());
        let token_id = claims.as_ref().and_then(|claims| claims.token_id.clone());
        if let Some(previous) = previous.filter(|previous| Some(*previous) != token_id.as_deref()) {
            connection.leave(&Audience::token(previous).room());
        }
        if let Some(id) = &token_id {
            connection.join(&Audience::token(id).room());
        }
        self.dependencies
            .presence
            .enter(&connection.id(), &caller.user)
            .await?;
        // Verified again, because a change of rights that came after the first check and before the connection was in
        // its user's room found no connection to close.
        // It is read anew: a connection may live for days, and another instance may have made the change.
        self.dependencies.tokens.forget(caller.id());
        let current = self.verify(token).await?;
        let Some(caller) = current.filter(|_| connection.is_open()) else {
            *authenticated = None;
            session.set_expiry(None);
            connection.leave_all();
            self.dependencies.presence.exit(&connection.id()).await?;
            return Ok(None);
        };
        session.set_expiry(claims.and_then(|claims| claims.expires_at));
        *authenticated = Some(AuthenticatedUser {
            user: caller.user.clone(),
            token_id,
            token: SecretString::from(token),
            touched_at: None,
        });
        Ok(Some(caller))
    }

    /// The user of a token. API keys are not accepted: they are for programs and may be restricted to some paths.
    pub(super) async fn verify(&self, token: &str) -> Result<Option<Caller>, RealtimeError> {
        match self.dependencies.tokens.verify(token).await {
            Ok(caller) if caller.method == AuthMethod::Token => Ok(Some(caller)),
            Err(AuthError::Unexpected(source)) => Err(RealtimeError::Unexpected(source)),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}
