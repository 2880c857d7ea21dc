//! Notes: shared documents.

mod entity;
mod ports;

pub use entity::{Note, NoteHead};
pub use ports::{NoteHeads, NoteRepository};

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
