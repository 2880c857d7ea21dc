use std::sync::Arc;

use keelson_domain::note::{NoteHeads, NoteRepository};

/// The ports of notes.
#[derive(Clone)]
pub struct NotePorts {
    /// Notes.
    pub repository: Arc<dyn NoteRepository>,
    /// What access to notes depends on.
    pub heads: Arc<dyn NoteHeads>,
}
