use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::{Audience, SocketId};
use crate::shared::{BoxError, StoreResult};
use crate::user::UserId;

/// Why an awaited answer did not come.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No such socket, or it closed.
    #[error("the page is gone")]
    Gone,
    /// No answer in time.
    #[error("the page did not answer in time")]
    TimedOut,
    /// The bus failed.
    #[error("the event bus failed")]
    Unexpected(#[source] BoxError),
}

/// Carries events to open pages, here and on other instances.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Emits `event` with one JSON argument. Events from one task to one audience keep their order.
    /// Nobody listening is no error; delivery is at most once.
    async fn emit(&self, to: &Audience, event: &str, data: &Value);

    /// Emits to one page and waits for its acknowledgement.
    async fn call(
        &self,
        to: &SocketId,
        event: &str,
        data: &Value,
        wait: Duration,
    ) -> Result<Value, CallError>;

    /// Makes every page of a user join (or leave) a room, wherever it is connected.
    async fn join(&self, user: &UserId, room: &str);
    /// See [`EventBus::join`].
    async fn leave(&self, user: &UserId, room: &str);
    /// Closes every page of a user, as after a change of role.
    async fn disconnect(&self, user: &UserId);
}

/// Who has pages open.
#[async_trait]
pub trait Presence: Send + Sync {
    /// The user behind a socket, if it is open and signed in.
    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>>;
    /// The user's open sockets.
    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>>;
    /// Whether the user has a page open now.
    async fn is_online(&self, user: &UserId) -> StoreResult<bool> {
        Ok(!self.sockets_of(user).await?.is_empty())
    }
    /// Notes that a socket uses a model now; it counts for 3 seconds (the reference's time-out).
    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()>;
    /// The models in use now.
    async fn models_in_use(&self) -> StoreResult<Vec<String>>;
}
