use std::sync::Arc;

use keelson_domain::note::{NoteReaders, NoteRepository};

/// The ports of notes.
#[derive(Clone)]
pub struct NotePorts {
    /// Notes.
    pub repository: Arc<dyn NoteRepository>,
    /// Who may read which note.
    pub readers: Arc<dyn NoteReaders>,
}
