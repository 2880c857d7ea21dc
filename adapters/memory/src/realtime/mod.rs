//! Presence in process memory, an event bus that records what was emitted, and a fan-out between instances in one process.

mod fanout;
mod recorder;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::realtime::{Connections, Presence, SocketId};
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::user::{User, UserId};

pub use fanout::{MemoryFanout, MemoryHub};
pub use recorder::{Emitted, EventRecorder};

/// Who is connected to this instance; with one instance, everywhere.
pub struct MemoryPresence {
    clock: Arc<dyn Clock>,
    connections: Mutex<Connections>,
}

impl MemoryPresence {
    /// Nobody is connected yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            connections: Mutex::default(),
        }
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Presence for MemoryPresence {
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()> {
        self.connections().enter(socket.clone(), user.id.clone());
        Ok(())
    }

    async fn exit(&self, socket: &SocketId) -> StoreResult<()> {
        self.connections().exit(socket);
        Ok(())
    }

    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>> {
        Ok(self.connections().user_of(socket))
    }

    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>> {
        Ok(self.connections().sockets_of(user))
    }

    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()> {
        let now = self.clock.now();
        self.connections().use_model(socket, model, now);
        Ok(())
    }

    async fn models_in_use(&self) -> StoreResult<Vec<String>> {
        let now = self.clock.now();
        Ok(self.connections().models_in_use(now))
    }
}
