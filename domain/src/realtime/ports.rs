use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::{Audience, SocketId};
use crate::shared::{BoxError, StoreResult};
use crate::user::{User, UserId};

/// Why an awaited answer did not come.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No such socket, it is not that user's, or it closed before it answered.
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
///
/// Nothing here waits for a client: a page that reads too slowly loses its connection, not others their time.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Emits `event` with one JSON argument. Events from one task to one audience keep their order.
    /// Nobody listening is no error; delivery is at most once.
    async fn emit(&self, to: &Audience, event: &str, data: &Value);

    /// Emits to one page of `user` and waits for its acknowledgement: the first argument it sends, or null.
    ///
    /// # Errors
    /// [`CallError::Gone`] also when the page is open but belongs to somebody else, because clients name
    /// the page (`session_id`) and must not reach other people's.
    async fn call(
        &self,
        user: &UserId,
        page: &SocketId,
        event: &str,
        data: &Value,
        wait: Duration,
    ) -> Result<Value, CallError>;

    /// Makes every page that the user has open now join (or leave) a room, wherever it is connected.
    async fn join(&self, user: &UserId, room: &str);
    /// See [`EventBus::join`].
    async fn leave(&self, user: &UserId, room: &str);
    /// Cuts every page of a user off, as after a change of role or a deletion. Call it after the change is
    /// stored: pages connect again by themselves and then get what they may have.
    async fn disconnect(&self, user: &UserId);
}

/// Who has pages open, and which models they use.
#[async_trait]
pub trait Presence: Send + Sync {
    /// A signed-in page is open. One that was another user's before changes hands.
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()>;
    /// A page closed; unknown ones are no error.
    async fn exit(&self, socket: &SocketId) -> StoreResult<()>;
    /// The user behind a socket, if it is open and signed in.
    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>>;
    /// The user's open sockets, in no order.
    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>>;
    /// Whether the user has a page open now.
    async fn is_online(&self, user: &UserId) -> StoreResult<bool> {
        Ok(!self.sockets_of(user).await?.is_empty())
    }
    /// Notes that a signed-in page uses a model now; it counts for [`super::USAGE_SECONDS`]. Ignored for
    /// pages that did not [`Presence::enter`].
    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()>;
    /// The models in use now, sorted.
    async fn models_in_use(&self) -> StoreResult<Vec<String>>;
}
