use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::shared::{StoreResult, TextId};

/// A browser session.
#[derive(Debug)]
pub enum Session {}

/// Names a browser session; whoever knows it has the session, so that it is as secret as a token.
pub type SessionId = TextId<Session>;

/// Keeps browser sessions on the server (`ENABLE_STAR_SESSIONS_MIDDLEWARE`); without a store the signed cookie
/// holds the session itself.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// What the session holds; none when it was never put or its life is over.
    async fn get(&self, id: &SessionId) -> StoreResult<Option<Map<String, Value>>>;
    /// Replaces what the session holds and starts its life anew. Atomic; the last of two writers wins.
    async fn put(&self, id: &SessionId, data: &Map<String, Value>, life: Duration) -> StoreResult<()>;
    /// Ends the session; fine when there is none.
    async fn delete(&self, id: &SessionId) -> StoreResult<()>;
}
