//! Open pages in process memory, a bus that remembers what was emitted, and instances that meet in one process.

mod fanout;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::realtime::{Audience, CallError, EventBus, Pages, Presence, SocketId};
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::user::{User, UserId};
use serde_json::Value;

pub use fanout::{MemoryFanout, MemoryHub};

/// Who has pages open on this instance; with one instance, everywhere.
pub struct MemoryPresence {
    clock: Arc<dyn Clock>,
    pages: Mutex<Pages>,
}

impl MemoryPresence {
    /// Nobody is there yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            pages: Mutex::default(),
        }
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Presence for MemoryPresence {
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()> {
        self.pages().enter(socket.clone(), user.id.clone());
        Ok(())
    }

    async fn exit(&self, socket: &SocketId) -> StoreResult<()> {
        self.pages().exit(socket);
        Ok(())
    }

    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>> {
        Ok(self.pages().user_of(socket))
    }

    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>> {
        Ok(self.pages().sockets_of(user))
    }

    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()> {
        let now = self.clock.now();
        self.pages().use_model(socket, model, now);
        Ok(())
    }

    async fn models_in_use(&self) -> StoreResult<Vec<String>> {
        let now = self.clock.now();
        Ok(self.pages().models_in_use(now))
    }
}

/// One thing that went over the bus.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// To whom.
    pub to: Audience,
    /// The event's name.
    pub event: String,
    /// Its argument.
    pub data: Value,
}

#[derive(Default)]
struct Recorded {
    emitted: Vec<Emitted>,
    answers: VecDeque<Value>,
    pages: HashMap<SocketId, UserId>,
    rooms: HashMap<UserId, HashSet<String>>,
    disconnected: Vec<UserId>,
}

/// A bus without wires: it remembers what was emitted and answers calls with what it was told to.
///
/// A page exists once it was [`EventRecorder::open`]ed; calls to others are [`CallError::Gone`], and calls
/// without a prepared answer time out at once.
#[derive(Default)]
pub struct EventRecorder(Mutex<Recorded>);

impl EventRecorder {
    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a page of a user.
    pub fn open(&self, user: &UserId, page: &SocketId) {
        self.recorded().pages.insert(page.clone(), user.clone());
    }

    /// Prepares the answer to a later call.
    pub fn answer_with(&self, answer: Value) {
        self.recorded().answers.push_back(answer);
    }

    /// Everything emitted or called so far, oldest first; forgets it.
    pub fn take(&self) -> Vec<Emitted> {
        std::mem::take(&mut self.recorded().emitted)
    }

    /// The rooms that a user's pages were made to join.
    pub fn rooms_of(&self, user: &UserId) -> HashSet<String> {
        self.recorded().rooms.get(user).cloned().unwrap_or_default()
    }

    /// Whose pages were cut off, in that order.
    pub fn disconnected(&self) -> Vec<UserId> {
        self.recorded().disconnected.clone()
    }

    fn record(&self, to: &Audience, event: &str, data: &Value) {
        self.recorded().emitted.push(Emitted {
            to: to.clone(),
            event: event.to_owned(),
            data: data.clone(),
        });
    }
}

#[async_trait]
impl EventBus for EventRecorder {
    async fn emit(&self, to: &Audience, event: &str, data: &Value) {
        self.record(to, event, data);
    }

    async fn call(
        &self,
        user: &UserId,
        page: &SocketId,
        event: &str,
        data: &Value,
        _wait: Duration,
    ) -> Result<Value, CallError> {
        if self.recorded().pages.get(page) != Some(user) {
            return Err(CallError::Gone);
        }
        self.record(&Audience::Socket(page.clone()), event, data);
        self.recorded().answers.pop_front().ok_or(CallError::TimedOut)
    }

    async fn join(&self, user: &UserId, room: &str) {
        let mut recorded = self.recorded();
        recorded
            .rooms
            .entry(user.clone())
            .or_default()
            .insert(room.to_owned());
    }

    async fn leave(&self, user: &UserId, room: &str) {
        if let Some(rooms) = self.recorded().rooms.get_mut(user) {
            rooms.remove(room);
        }
    }

    async fn disconnect(&self, user: &UserId) {
        let mut recorded = self.recorded();
        recorded.disconnected.push(user.clone());
        recorded.pages.retain(|_, owner| owner != user);
        recorded.rooms.remove(user);
    }
}
