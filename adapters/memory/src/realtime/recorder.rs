use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::realtime::{Audience, CallError, EventBus, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;

/// One event that was emitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Emitted {
    /// Who got it.
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
    connections: HashMap<SocketId, UserId>,
    rooms: HashMap<UserId, HashSet<String>>,
    disconnected: Vec<UserId>,
    disconnected_tokens: Vec<String>,
}

/// An event bus without clients: it records what was emitted and answers calls with prepared answers.
///
/// A connection exists once it was [`EventRecorder::open`]ed; calls to others are [`CallError::Gone`], and calls without
/// a prepared answer time out at once.
#[derive(Default)]
pub struct EventRecorder(Mutex<Recorded>);

impl EventRecorder {
    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a connection of a user.
    pub fn open(&self, user: &UserId, socket: &SocketId) {
        self.recorded().connections.insert(socket.clone(), user.clone());
    }

    /// Prepares the answer to a later call.
    pub fn answer_with(&self, answer: Value) {
        self.recorded().answers.push_back(answer);
    }

    /// Everything emitted or called so far, oldest first; forgets it.
    pub fn take(&self) -> Vec<Emitted> {
        std::mem::take(&mut self.recorded().emitted)
    }

    /// The rooms that a user's connections were made to join.
    pub fn rooms_of(&self, user: &UserId) -> HashSet<String> {
        self.recorded().rooms.get(user).cloned().unwrap_or_default()
    }

    /// Who was disconnected, in that order.
    pub fn disconnected(&self) -> Vec<UserId> {
        self.recorded().disconnected.clone()
    }

    /// The tokens whose connections were ended, oldest first.
    pub fn disconnected_tokens(&self) -> Vec<String> {
        self.recorded().disconnected_tokens.clone()
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
        socket: &SocketId,
        event: &str,
        data: &Value,
        _wait: Duration,
    ) -> Result<Value, CallError> {
        if self.recorded().connections.get(socket) != Some(user) {
            return Err(CallError::Gone);
        }
        self.record(&Audience::Socket(socket.clone()), event, data);
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
        recorded.connections.retain(|_, owner| owner != user);
        recorded.rooms.remove(user);
    }

    async fn disconnect_token(&self, token_id: &str) {
        self.recorded().disconnected_tokens.push(token_id.to_owned());
    }
}
