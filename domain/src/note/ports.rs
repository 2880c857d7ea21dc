use async_trait::async_trait;

use super::{Note, NoteHead, NoteId};
use crate::shared::StoreResult;
use crate::user::UserId;

/// Who may read which note.
#[async_trait]
pub trait NoteReaders: Send + Sync {
    /// Whether the user owns the note or is named, directly or by a group, among those who may read it;
    /// none if there is no such note. Notes without access control are their owner's only: the reference
    /// shows those to everyone, which is seldom meant.
    async fn may_read(&self, user: &UserId, note: &NoteId) -> StoreResult<Option<bool>>;
}

/// Keeps notes.
#[async_trait]
pub trait NoteRepository: Send + Sync {
    /// The heads of all notes, newest change first.
    async fn heads(&self) -> StoreResult<Vec<NoteHead>>;
    /// Notes by id, in no order; those that do not exist are left out.
    async fn load(&self, ids: &[NoteId]) -> StoreResult<Vec<Note>>;
}
