use keelson_application::user::Owned;
use keelson_domain::note::Note;
use poem_openapi::Object;

use crate::access::Owner;
use crate::json::{Column, Free, Nullable};

/// The text of the note in its forms (`content` with `json`, `html` and `md`), and its files.
pub(super) struct NoteData;

impl Column for NoteData {
    const NAME: &'static str = "NoteData";
    const DESCRIPTION: &'static str =
        "The text of the note in its forms (`content` with `json`, `html` and `md`), and its files";
}

/// A note in a list.
#[derive(Object)]
#[oai(rename = "NoteListItem")]
pub(super) struct NoteDto {
    /// Identity.
    id: String,
    /// Title.
    title: String,
    data: Nullable<Free<NoteData>>,
    /// When it was last changed, in nanoseconds since 1970.
    updated_at: i64,
    /// When it was made, in nanoseconds since 1970.
    created_at: i64,
    /// Its owner; null when the account is gone.
    user: Nullable<Owner>,
}

impl From<Owned<Note>> for NoteDto {
    fn from(note: Owned<Note>) -> Self {
        let Owned { object, owner } = note;
        Self {
            id: object.head.id.into_string(),
            title: object.head.title,
            data: object.data.map(Free::from).into(),
            updated_at: object.head.updated_at.nanos(),
            created_at: object.head.created_at.nanos(),
            user: owner.map(Owner::from).into(),
        }
    }
}
