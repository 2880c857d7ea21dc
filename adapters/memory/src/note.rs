//! Who may read which note, in process memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::note::{NoteId, NoteReaders};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;

/// Notes and their readers as they are added here.
#[derive(Default)]
pub struct MemoryNotes(Mutex<HashMap<NoteId, HashSet<UserId>>>);

impl MemoryNotes {
    /// Adds a note that these users may read.
    pub fn add(&self, note: &NoteId, readers: &[UserId]) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.insert(note.clone(), readers.iter().cloned().collect());
    }
}

#[async_trait]
impl NoteReaders for MemoryNotes {
    async fn may_read(&self, user: &UserId, note: &NoteId) -> StoreResult<Option<bool>> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(notes.get(note).map(|readers| readers.contains(user)))
    }
}
