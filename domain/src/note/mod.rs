//! Notes: shared documents. Today only who may follow one; the rest of the room comes later.

mod ports;

pub use ports::NoteReaders;

crate::text_id! {
    /// Identifies a note.
    NoteId
}

impl NoteId {
    /// The room on the wire that hears the note's events.
    pub fn room(&self) -> String {
        format!("note:{self}")
    }
}
