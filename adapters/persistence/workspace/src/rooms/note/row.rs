use diesel::prelude::*;
use keelson_domain::note::{Note, NoteHead};
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// The part of a row of `note` that lists need.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::note)]
pub(super) struct NoteHeadRow {
    id: String,
    user_id: Option<String>,
    title: Option<String>,
    access_control: Option<JsonColumn>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

impl NoteHeadRow {
    pub(super) fn into_domain(self) -> NoteHead {
        let row = RowDecoder::new("note", &self.id);
        NoteHead {
            owner: self.user_id.unwrap_or_default().into(),
            title: self.title.unwrap_or_default(),
            access_control: row.access_rules(self.access_control),
            created_at: Timestamp::from_nanos(self.created_at.unwrap_or_default()),
            updated_at: Timestamp::from_nanos(self.updated_at.unwrap_or_default()),
            id: self.id.into(),
        }
    }
}

/// A row of `note`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::note)]
pub(super) struct NoteRow {
    #[diesel(embed)]
    head: NoteHeadRow,
    data: Option<JsonColumn>,
    meta: Option<JsonColumn>,
}

impl NoteRow {
    pub(super) fn into_domain(self) -> Note {
        let row = RowDecoder::new("note", &self.head.id);
        Note {
            data: row.json("data", self.data),
            meta: row.json("meta", self.meta),
            head: self.head.into_domain(),
        }
    }
}
