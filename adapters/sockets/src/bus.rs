use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::realtime::{Audience, CallError, EventBus, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;
use socketioxide::{AckError, SendError, SocketError, SocketIo};

use crate::session::{self, Session};

/// Emits to the pages of this instance.
pub(crate) struct SocketBus {
    io: SocketIo,
}

impl SocketBus {
    pub(crate) fn new(io: SocketIo) -> Self {
        Self { io }
    }

    fn page(&self, id: &SocketId) -> Option<SocketRef> {
        self.io.get_socket(id.as_str().parse().ok()?)
    }

    fn pages(&self, audience: &Audience) -> Vec<SocketRef> {
        match audience {
            Audience::Socket(id) => self.page(id).into_iter().collect(),
            Audience::User(_) | Audience::Room(_) => self.room(audience.room()),
        }
    }

    fn room(&self, name: String) -> Vec<SocketRef> {
        // Without the namespace, which is made when the endpoint is, there are no pages.
        self.io
            .of("/")
            .map_or_else(Vec::new, |all| all.to(name).sockets())
    }

    fn pages_of(&self, user: &UserId) -> Vec<SocketRef> {
        self.room(Audience::User(user.clone()).room())
    }
}

/// Serializes once, whoever hears it.
fn serialized(event: &str, data: &Value) -> Option<Box<RawValue>> {
    to_raw_value(data)
        .inspect_err(|error| tracing::error!(%error, event, "an event could not be serialized"))
        .ok()
}

fn send(page: &SocketRef, event: &str, data: &RawValue) {
    match page.emit(event, data) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(SendError::Socket(SocketError::InternalChannelFull)) => {
            tracing::info!(event, "a page reads too slowly and is cut off");
            session::cut(page);
        }
        Err(SendError::Serialize(error)) => tracing::error!(%error, event, "an event could not be sent"),
    }
}

#[async_trait]
impl EventBus for SocketBus {
    async fn emit(&self, to: &Audience, event: &str, data: &Value) {
        let pages = self.pages(to);
        if pages.is_empty() {
            return;
        }
        let Some(data) = serialized(event, data) else {
            return;
        };
        for page in &pages {
            send(page, event, &data);
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
        let page = self.page(page).ok_or(CallError::Gone)?;
        let session = page.extensions.get::<Arc<Session>>().ok_or(CallError::Gone)?;
        if session.seat.user().await.as_ref() != Some(user) {
            return Err(CallError::Gone);
        }
        let answer = page
            .timeout(wait)
            .emit_with_ack::<_, Value>(event, data)
            .map_err(unsent)?;
        tokio::select! {
            answer = answer => match answer {
                Ok(answer) => Ok(answer),
                // An acknowledgement without arguments.
                Err(AckError::Decode(_)) => Ok(Value::Null),
                Err(AckError::Timeout) => Err(CallError::TimedOut),
                Err(AckError::Socket(_)) => Err(CallError::Gone),
            },
            () = session.gone.cancelled() => Err(CallError::Gone),
        }
    }

    async fn join(&self, user: &UserId, room: &str) {
        for page in self.pages_of(user) {
            page.join(room.to_owned());
        }
    }

    async fn leave(&self, user: &UserId, room: &str) {
        for page in self.pages_of(user) {
            page.leave(room.to_owned());
        }
    }

    async fn disconnect(&self, user: &UserId) {
        for page in self.pages_of(user) {
            session::cut(&page);
        }
    }
}

fn unsent(error: SendError) -> CallError {
    match error {
        SendError::Socket(_) => CallError::Gone,
        SendError::Serialize(error) => CallError::Unexpected(Box::new(error)),
    }
}
