use std::sync::Arc;

use keelson_domain::auth::{AuthMethod, Caller};
use keelson_domain::config::table;
use keelson_domain::realtime::Audience;
use keelson_domain::user::{Role, User};
use secrecy::{ExposeSecret, SecretString};

use super::connection::Guest;
use super::{Connection, Realtime, RealtimeError, Seat};
use crate::auth::AuthError;

/// How often a page's heartbeat is written down at most, in seconds. Pages beat every 30 s.
const TOUCH_SECONDS: i64 = 10;

impl Realtime {
    /// A page opened and may have brought a token. Without a valid one it stays open, but hears nothing.
    ///
    /// # Errors
    /// Only when a store fails; the page then hears nothing.
    pub async fn connect(
        &self,
        page: &dyn Connection,
        seat: &Seat,
        token: Option<&str>,
    ) -> Result<(), RealtimeError> {
        if let Some(token) = token {
            self.sit(page, seat, token).await?;
        }
        Ok(())
    }

    /// A page names its user: it then hears the user's events and channels. None for a token that is not
    /// valid (any more).
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn join(
        &self,
        page: &dyn Connection,
        seat: &Seat,
        token: &str,
    ) -> Result<Option<Arc<User>>, RealtimeError> {
        let Some(user) = self.sit(page, seat, token).await? else {
            return Ok(None);
        };
        if user.role != Role::Pending && self.parts.settings.current().bool(&table::ENABLE_CHANNELS) {
            for channel in self.parts.channels.channels_of(&user.id).await? {
                page.join(&channel.room());
            }
        }
        Ok(Some(user))
    }

    /// A page says that its user is there. A page whose token has ended or was revoked is cut off.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn heartbeat(&self, page: &dyn Connection, seat: &Seat) -> Result<(), RealtimeError> {
        let mut guest = seat.0.lock().await;
        let Some(guest) = guest.as_mut() else {
            return Ok(());
        };
        let Some(caller) = self.caller(guest.token.expose_secret()).await? else {
            page.cut();
            return Ok(());
        };
        let now = self.parts.clock.now();
        if guest
            .touched_at
            .is_none_or(|at| at.plus_seconds(TOUCH_SECONDS) <= now)
        {
            guest.touched_at = Some(now);
            self.parts.activity.touch(caller.id(), now).await?;
        }
        Ok(())
    }

    /// A page closed.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn close(&self, page: &dyn Connection, seat: &Seat) -> Result<(), RealtimeError> {
        *seat.0.lock().await = None;
        Ok(self.parts.presence.exit(&page.id()).await?)
    }

    /// Seats the token's user at the page.
    pub(super) async fn sit(
        &self,
        page: &dyn Connection,
        seat: &Seat,
        token: &str,
    ) -> Result<Option<Arc<User>>, RealtimeError> {
        let mut seat = seat.0.lock().await;
        let Some(caller) = self.caller(token).await? else {
            return Ok(None);
        };
        if seat.as_ref().is_some_and(|guest| guest.user.id != *caller.id()) {
            page.leave_all();
        }
        page.join(&Audience::User(caller.id().clone()).room());
        self.parts.presence.enter(&page.id(), &caller.user).await?;
        // Looked at again, because a change of rights that came after the first look and before the page
        // was in its user's room found no page to cut off.
        let current = self.caller(token).await?;
        let Some(caller) = current.filter(|_| page.is_open()) else {
            *seat = None;
            page.leave_all();
            self.parts.presence.exit(&page.id()).await?;
            return Ok(None);
        };
        *seat = Some(Guest {
            user: caller.user.clone(),
            token: SecretString::from(token),
            touched_at: None,
        });
        Ok(Some(caller.user))
    }

    /// The user behind a token. API keys do not open pages: they are for programs and may be restricted to
    /// some paths.
    pub(super) async fn caller(&self, token: &str) -> Result<Option<Caller>, RealtimeError> {
        match self.parts.door.caller(token).await {
            Ok(caller) if caller.method == AuthMethod::Token => Ok(Some(caller)),
            Err(AuthError::Unexpected(source)) => Err(RealtimeError::Unexpected(source)),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}
