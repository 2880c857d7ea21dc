use std::collections::BTreeSet;
use std::sync::Arc;

use keelson_domain::chat::{AnswerCheckpoint, AnswerCheckpoints, ChatMessages, strip_nulls_in};
use keelson_domain::completion::ChatEvent;
use keelson_domain::realtime::{Audience, EventBus, Presence, SocketId};
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::user::UserId;
use serde_json::{Map, Value};

use super::AnswerTarget;

/// For how many checkpoints after a new connection the whole answer is emitted again: a client loads the chat a moment
/// after it connects, and no later delta would bring what it missed in between.
const FULL_RESENDS: u32 = 3;

/// Emits the events of one answer to its owner's connections, and persists it in its chat.
pub(super) struct AnswerPublisher {
    pub(super) events: Arc<dyn EventBus>,
    pub(super) messages: Arc<dyn ChatMessages>,
    pub(super) checkpoints: Arc<dyn AnswerCheckpoints>,
    pub(super) presence: Arc<dyn Presence>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) owner: UserId,
    pub(super) target: AnswerTarget,
    /// The fields of the message that are known from the start.
    pub(super) base: Map<String, Value>,
    pub(super) connections: BTreeSet<SocketId>,
    pub(super) resends_left: u32,
}

impl AnswerPublisher {
    /// Emits an event of the answer.
    pub(super) async fn emit(&self, kind: &str, data: Value) {
        let event = ChatEvent {
            chat: Some(self.target.chat.clone()),
            message: Some(self.target.message.clone()),
            kind: kind.to_owned(),
            data,
        };
        let audience = Audience::User(self.owner.clone());
        self.events.emit(&audience, "events", &event.to_wire()).await;
    }

    /// Saves how far the answer has come, outside its chat; does nothing for temporary chats, which exist in the browser
    /// only. Answers `false` when the chat was deleted. A database error is logged and answers `true`: the next
    /// checkpoint may succeed.
    pub(super) async fn save_checkpoint(&self, fields: Map<String, Value>) -> bool {
        if self.target.chat.is_local() {
            return true;
        }
        self.is_stored(self.checkpoints.save(&self.checkpoint(fields)).await)
    }

    /// Merges the fields of the answer into its message, where they stay; otherwise like [`Self::save_checkpoint`].
    pub(super) async fn persist(&self, fields: Map<String, Value>) -> bool {
        if self.target.chat.is_local() {
            return true;
        }
        self.is_stored(self.checkpoints.finish(&self.checkpoint(fields)).await)
    }

    fn checkpoint(&self, fields: Map<String, Value>) -> AnswerCheckpoint {
        let mut all = self.base.clone();
        all.extend(fields);
        strip_nulls_in(&mut all);
        AnswerCheckpoint {
            owner: self.owner.clone(),
            chat: self.target.chat.clone(),
            message: self.target.message.clone(),
            fields: all,
            saved_at: self.clock.now(),
        }
    }

    fn is_stored(&self, stored: StoreResult<bool>) -> bool {
        stored.unwrap_or_else(|error| {
            tracing::warn!(%error, chat = %self.target.chat, "part of an answer was not stored");
            true
        })
    }

    /// Whether the whole answer has to be emitted again because the owner opened another connection.
    pub(super) async fn take_full_resend(&mut self) -> bool {
        if let Ok(connections) = self.presence.sockets_of(&self.owner).await {
            let connections: BTreeSet<SocketId> = connections.into_iter().collect();
            if !connections.is_subset(&self.connections) {
                self.resends_left = FULL_RESENDS;
            }
            self.connections = connections;
        }
        if self.resends_left == 0 {
            return false;
        }
        self.resends_left -= 1;
        true
    }

    /// The chat's stored title; none for temporary chats.
    pub(super) async fn load_title(&self) -> Option<String> {
        if self.target.chat.is_local() {
            return None;
        }
        self.messages
            .title(&self.owner, &self.target.chat)
            .await
            .inspect_err(|error| tracing::warn!(%error, "the title of a chat was not read"))
            .ok()
            .flatten()
    }
}
