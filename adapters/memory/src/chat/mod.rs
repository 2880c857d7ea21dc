//! Conversations, their folders and tags, in process memory.

mod lists;
mod messages;
mod repository;
mod shares;

use std::sync::{Mutex, MutexGuard, PoisonError};

use keelson_domain::chat::{Chat, ChatId};
use keelson_domain::folder::Folder;
use keelson_domain::tag::{Tag, tag_id};
use keelson_domain::user::UserId;

/// Everything at once, behind one lock: chats, folders and tags change together. It stands behind the ports of chats,
/// their lists, messages and shared copies, of folders and of tags.
#[derive(Debug, Default)]
pub struct MemoryConversations(Mutex<State>);

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) chats: Vec<Chat>,
    pub(crate) folders: Vec<Folder>,
    pub(crate) tags: Vec<Tag>,
}

impl MemoryConversations {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(crate) fn own(&self, owner: &UserId, id: &ChatId) -> Option<&Chat> {
        self.chats
            .iter()
            .find(|chat| chat.id == *id && chat.owner == *owner)
    }

    pub(crate) fn own_mut(&mut self, owner: &UserId, id: &ChatId) -> Option<&mut Chat> {
        self.chats
            .iter_mut()
            .find(|chat| chat.id == *id && chat.owner == *owner)
    }

    /// Removes the owner's chats that are meant, and their shared copies; how many of the owner's.
    pub(crate) fn remove(&mut self, owner: &UserId, meant: impl Fn(&Chat) -> bool) -> usize {
        let gone: Vec<ChatId> = self
            .chats
            .iter()
            .filter(|chat| chat.owner == *owner && meant(chat))
            .map(|chat| chat.id.clone())
            .collect();
        let copies: Vec<UserId> = gone.iter().map(Chat::share_owner).collect();
        self.chats.retain(|chat| {
            let meant = chat.owner == *owner && gone.contains(&chat.id);
            !meant && !copies.contains(&chat.owner)
        });
        gone.len()
    }

    pub(crate) fn ensure_tags(&mut self, owner: &UserId, names: &[String]) {
        for name in names {
            let id = tag_id(name);
            if !self.tags.iter().any(|tag| tag.owner == *owner && tag.id == id) {
                self.tags.push(Tag {
                    id,
                    name: name.clone(),
                    owner: owner.clone(),
                    meta: None,
                });
            }
        }
    }

    pub(crate) fn delete_unused_tags(&mut self, owner: &UserId, ids: &[String]) {
        let borne: Vec<String> = self
            .chats
            .iter()
            .filter(|chat| chat.owner == *owner)
            .flat_map(Chat::tag_ids)
            .collect();
        self.tags
            .retain(|tag| tag.owner != *owner || !ids.contains(&tag.id) || borne.contains(&tag.id));
    }
}
