//! What access to notes depends on, in process memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::note::{NoteHead, NoteHeads, NoteId};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use serde_json::json;

/// Notes as they are added here.
#[derive(Default)]
pub struct MemoryNotes(Mutex<HashMap<NoteId, NoteHead>>);

impl MemoryNotes {
    /// Adds a note of nobody's that these users may read.
    pub fn add(&self, note: &NoteId, readers: &[UserId]) {
        let zero = Timestamp::from_nanos(0);
        let head = NoteHead {
            id: note.clone(),
            owner: UserId::from(""),
            title: String::new(),
            access_control: Some(json!({"read": {"user_ids": readers}})),
            created_at: zero,
            updated_at: zero,
        };
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.insert(note.clone(), head);
    }
}

#[async_trait]
impl NoteHeads for MemoryNotes {
    async fn head(&self, note: &NoteId) -> StoreResult<Option<NoteHead>> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(notes.get(note).cloned())
    }
}
