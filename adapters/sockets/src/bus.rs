use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::realtime::{Audience, CallError, Dispatch, EventBus, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;

use crate::calls::Calls;
use crate::fleet::Fleet;
use crate::local::{self, Local};
use crate::session::{self, Session};

/// Emits to the pages of this instance, and through the fleet to those of others. Our own pages come first
/// and wait for nobody else.
pub(crate) struct SocketBus {
    pub(crate) local: Local,
    pub(crate) fleet: Option<Fleet>,
    /// Our calls to pages of others.
    pub(crate) calls: Calls,
}

impl SocketBus {
    pub(crate) fn new(local: Local, fleet: Option<Fleet>) -> Self {
        Self {
            local,
            fleet,
            calls: Calls::default(),
        }
    }

    fn pages(&self, audience: &Audience) -> Vec<SocketRef> {
        match audience {
            Audience::Socket(id) => self.local.page(id.as_str()).into_iter().collect(),
            Audience::User(_) | Audience::Room(_) => self.local.room(&audience.room()),
        }
    }

    async fn call_here(
        &self,
        user: &UserId,
        page: &SocketRef,
        event: &str,
        data: &RawValue,
        wait: Duration,
    ) -> Result<Value, CallError> {
        let session = page.extensions.get::<Arc<Session>>().ok_or(CallError::Gone)?;
        if session.seat.user().await.as_ref() != Some(user) {
            return Err(CallError::Gone);
        }
        let answer = local::ask(page, session, event, data, wait)?.await?;
        Ok(answer.unwrap_or_default())
    }

    /// Has the pages that a user has open elsewhere do something.
    async fn elsewhere(&self, user: &UserId, what: &'static str, dispatch: impl Fn(SocketId) -> Dispatch) {
        let Some(fleet) = &self.fleet else { return };
        let pages = match fleet.presence.sockets_of(user).await {
            Ok(pages) => pages,
            Err(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, source, what, "pages of other instances are not known now");
                return;
            }
        };
        for page in pages.into_iter().filter(|page| !self.local.has(page)) {
            fleet.fanout.send(dispatch(page));
        }
    }
}

/// Serializes once, whoever hears it.
fn serialized(event: &str, data: &Value) -> Result<Box<RawValue>, serde_json::Error> {
    to_raw_value(data).inspect_err(|error| tracing::error!(%error, event, "an event could not be serialized"))
}

#[async_trait]
impl EventBus for SocketBus {
    async fn emit(&self, to: &Audience, event: &str, data: &Value) {
        let pages = self.pages(to);
        // A page of ours is nobody else's.
        let found = matches!(to, Audience::Socket(_)) && !pages.is_empty();
        let fleet = self.fleet.as_ref().filter(|_| !found);
        if pages.is_empty() && fleet.is_none() {
            return;
        }
        let Ok(data) = serialized(event, data) else {
            return;
        };
        for page in &pages {
            local::send(page, event, &data);
        }
        if let Some(fleet) = fleet {
            fleet.fanout.send(Dispatch::Emit {
                room: Some(to.room()),
                event: event.to_owned(),
                data,
                skip: Vec::new(),
                answer: None,
            });
        }
    }

    async fn call(
        &self,
        user: &UserId,
        page: &SocketId,
        event: &str,
        data: &Value,
        wait: Duration,
    ) -> Result<Value, CallError> {
        let data = serialized(event, data).map_err(|error| CallError::Unexpected(Box::new(error)))?;
        match (self.local.page(page.as_str()), &self.fleet) {
            (Some(page), _) => self.call_here(user, &page, event, &data, wait).await,
            (None, Some(fleet)) => fleet.call(&self.calls, (user, page), event, data, wait).await,
            (None, None) => Err(CallError::Gone),
        }
    }

    async fn join(&self, user: &UserId, room: &str) {
        for page in self.local.of_user(user) {
            page.join(room.to_owned());
        }
        let enter = |page| Dispatch::Enter {
            page,
            room: room.to_owned(),
        };
        self.elsewhere(user, "join", enter).await;
    }

    async fn leave(&self, user: &UserId, room: &str) {
        for page in self.local.of_user(user) {
            page.leave(room.to_owned());
        }
        let leave = |page| Dispatch::Leave {
            page,
            room: room.to_owned(),
        };
        self.elsewhere(user, "leave", leave).await;
    }

    async fn disconnect(&self, user: &UserId) {
        for page in self.local.of_user(user) {
            session::cut(&page);
        }
        self.elsewhere(user, "disconnect", |page| Dispatch::Disconnect { page })
            .await;
    }
}
