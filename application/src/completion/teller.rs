use std::collections::BTreeSet;
use std::sync::Arc;

use keelson_domain::chat::{ChatMessages, strip_nulls_in};
use keelson_domain::completion::ChatEvent;
use keelson_domain::realtime::{Audience, EventBus, Presence, SocketId};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserId;
use serde_json::{Map, Value};

use super::SessionIds;

/// For how many checkpoints after a page came the whole answer is told again: a page loads the chat a moment after it
/// connects, and what it missed in between no later piece would bring.
const REPEATS: u32 = 3;

/// Tells the owner's pages of one answer, and keeps it.
pub(super) struct Teller {
    pub(super) events: Arc<dyn EventBus>,
    pub(super) messages: Arc<dyn ChatMessages>,
    pub(super) presence: Arc<dyn Presence>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) owner: UserId,
    pub(super) ids: SessionIds,
    pub(super) pages: BTreeSet<SocketId>,
    pub(super) repeats: u32,
}

impl Teller {
    /// Emits an event of the answer.
    pub(super) async fn tell(&self, kind: &str, data: Value) {
        let event = ChatEvent {
            chat: Some(self.ids.chat.clone()),
            message: Some(self.ids.message.clone()),
            kind: kind.to_owned(),
            data,
        };
        let audience = Audience::User(self.owner.clone());
        self.events.emit(&audience, "events", &event.to_wire()).await;
    }

    /// Merges fields into the stored message. Chats that live in the browser only are not stored. A database that fails
    /// now may work a second later, so that the answer goes on. Whether the chat is still there, as far as is known.
    pub(super) async fn keep(&self, mut fields: Map<String, Value>) -> bool {
        if self.ids.chat.is_local() {
            return true;
        }
        strip_nulls_in(&mut fields);
        let now = self.clock.now().seconds();
        let kept = self
            .messages
            .merge_message(&self.owner, &self.ids.chat, &self.ids.message, &fields, true, now)
            .await;
        match kept {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(%error, chat = %self.ids.chat, "a part of an answer could not be stored yet");
                true
            }
        }
    }

    /// Whether pages came that may have missed something.
    pub(super) async fn has_newcomers(&mut self) -> bool {
        if let Ok(pages) = self.presence.sockets_of(&self.owner).await {
            let pages: BTreeSet<SocketId> = pages.into_iter().collect();
            if !pages.is_subset(&self.pages) {
                self.repeats = REPEATS;
            }
            self.pages = pages;
        }
        if self.repeats == 0 {
            return false;
        }
        self.repeats -= 1;
        true
    }

    /// The chat's title, as it is stored.
    pub(super) async fn title(&self) -> Option<String> {
        if self.ids.chat.is_local() {
            return None;
        }
        self.messages
            .title(&self.owner, &self.ids.chat)
            .await
            .inspect_err(|error| tracing::warn!(%error, "a title could not be read"))
            .ok()
            .flatten()
    }
}
