use std::sync::Arc;

use async_trait::async_trait;

use super::{Note, NoteHead, NoteId};
use crate::access::Scope;
use crate::shared::StoreResult;

/// Reads what access to a note depends on.
#[async_trait]
pub trait NoteHeads: Send + Sync {
    /// A note without its text; none if there is no such note.
    async fn head(&self, note: &NoteId) -> StoreResult<Option<NoteHead>>;
}

/// Keeps notes.
#[async_trait]
pub trait NoteRepository: Send + Sync {
    /// The notes within a scope, newest change first: `limit` of them at most (all when none) after the first `skip`.
    async fn list(&self, scope: &Scope, skip: i64, limit: Option<i64>) -> StoreResult<Vec<Note>>;
}

/// The ports of notes.
#[derive(Clone)]
pub struct NotePorts {
    /// Notes.
    pub repository: Arc<dyn NoteRepository>,
    /// What access to notes depends on.
    pub heads: Arc<dyn NoteHeads>,
}
