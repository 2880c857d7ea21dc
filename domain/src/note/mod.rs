//! Notes: shared documents.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::{Note, NoteHead};
pub use ports::{NoteHeads, NotePorts, NoteRepository};

/// Identifies a note.
pub type NoteId = TextId<Note>;

impl NoteId {
    /// The room on the wire that hears the note's events.
    pub fn room(&self) -> String {
        format!("note:{self}")
    }
}
