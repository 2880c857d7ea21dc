use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::{Audience, SocketId};
use crate::shared::{BoxError, StoreResult};
use crate::user::{User, UserId};

/// Why a call to a client brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No such socket, it is not that user's, or it closed before it answered.
    #[error("the client is not connected")]
    Gone,
    /// No answer in time.
    #[error("the client did not answer in time")]
    TimedOut,
    /// The bus failed.
    #[error("the event bus failed")]
    Unexpected(#[source] BoxError),
}

/// Carries events to connected clients, here and on other instances.
///
/// Nothing here waits for a client: one that reads too slowly is disconnected and delays nobody else.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Emits `event` with one JSON argument. Events from one task to one audience keep their order.
    /// Nobody listening is no error; delivery is at most once.
    async fn emit(&self, to: &Audience, event: &str, data: &Value);

    /// Emits to one connection of `user` and waits for its acknowledgement: the first argument it sends, or null.
    ///
    /// # Errors
    /// [`CallError::Gone`] also when the connection is somebody else's, because clients name the socket (`session_id`)
    /// and must not reach other people's.
    async fn call(
        &self,
        user: &UserId,
        socket: &SocketId,
        event: &str,
        data: &Value,
        wait: Duration,
    ) -> Result<Value, CallError>;

    /// Makes every connection that the user has now join (or leave) a room, on every instance.
    async fn join(&self, user: &UserId, room: &str);
    /// See [`EventBus::join`].
    async fn leave(&self, user: &UserId, room: &str);
    /// Disconnects a user everywhere, as after a change of role or a deletion. Call it after the change is stored:
    /// clients reconnect by themselves and then get what they may have.
    async fn disconnect(&self, user: &UserId);
    /// Disconnects everywhere who signed in with a token, by its id (`jti`), as [`EventBus::disconnect`] does.
    async fn disconnect_token(&self, token_id: &str);
}

/// Who is connected, and which models they use.
#[async_trait]
pub trait Presence: Send + Sync {
    /// A connection is authenticated. One that was another user's before is theirs no more.
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()>;
    /// A connection closed; unknown ones are no error.
    async fn exit(&self, socket: &SocketId) -> StoreResult<()>;
    /// The user of a socket, if it is connected and authenticated.
    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>>;
    /// The user's connected sockets, in no order.
    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>>;
    /// Whether the user is connected now.
    async fn is_online(&self, user: &UserId) -> StoreResult<bool> {
        Ok(!self.sockets_of(user).await?.is_empty())
    }
    /// Which of these users are connected now. Adapters answer from process memory, so that one after the other is
    /// quick; one that asks another process overrides it.
    async fn are_online(&self, users: &[UserId]) -> StoreResult<HashSet<UserId>> {
        let mut online = HashSet::new();
        for user in users {
            if self.is_online(user).await? {
                online.insert(user.clone());
            }
        }
        Ok(online)
    }
    /// Records that a connection uses a model now; it counts for [`super::USAGE_SECONDS`]. Ignored for sockets that did
    /// not [`Presence::enter`].
    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()>;
    /// The models in use now, sorted.
    async fn models_in_use(&self) -> StoreResult<Vec<String>>;
}
