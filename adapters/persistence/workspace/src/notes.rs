use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::access::Right;
use keelson_domain::group::GroupId;
use keelson_domain::note::{Note, NoteHead, NoteId, NoteReaders, NoteRepository};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{self, group_member, note};
use serde_json::Value;

use crate::shared_rows::some;

/// The part of a row of `note` that lists need.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::note)]
struct HeadRow {
    id: String,
    user_id: Option<String>,
    title: Option<String>,
    access_control: Option<Value>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

impl From<HeadRow> for NoteHead {
    fn from(row: HeadRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.unwrap_or_default().into(),
            title: row.title.unwrap_or_default(),
            access_control: some(row.access_control),
            created_at: Timestamp::from_nanos(row.created_at.unwrap_or_default()),
            updated_at: Timestamp::from_nanos(row.updated_at.unwrap_or_default()),
        }
    }
}

macro_rules! note_rows {
    ($name:ident, $db:ty, $dialect:ident) => {
        /// Notes in the table `note`.
        pub struct $name(pub $db);

        #[async_trait]
        impl NoteRepository for $name {
            async fn heads(&self) -> StoreResult<Vec<NoteHead>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<HeadRow> = note::table
                    .order(note::updated_at.desc())
                    .select(HeadRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("note"))?;
                Ok(rows.into_iter().map(NoteHead::from).collect())
            }

            async fn load(&self, ids: &[NoteId]) -> StoreResult<Vec<Note>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<(HeadRow, Option<Value>, Option<Value>)> = note::table
                    .filter(note::id.eq_any(ids.iter().map(NoteId::as_str)))
                    .select((HeadRow::as_select(), note::data, note::meta))
                    .load(&mut connection)
                    .await
                    .map_err(failed("note"))?;
                let notes = rows.into_iter().map(|(head, data, meta)| Note {
                    head: head.into(),
                    data: some(data),
                    meta: some(meta),
                });
                Ok(notes.collect())
            }
        }

        #[async_trait]
        impl NoteReaders for $name {
            async fn may_read(&self, user: &UserId, id: &NoteId) -> StoreResult<Option<bool>> {
                let mut connection = self.0.read().await?;
                let row: Option<HeadRow> = note::table
                    .filter(note::id.eq(id.as_str()))
                    .select(HeadRow::as_select())
                    .first(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("note"))?;
                let Some(row) = row else { return Ok(None) };
                let groups: Vec<String> = group_member::table
                    .filter(group_member::user_id.eq(user.as_str()))
                    .select(group_member::group_id)
                    .load(&mut connection)
                    .await
                    .map_err(failed("group_member"))?;
                let groups: Vec<GroupId> = groups.into_iter().map(GroupId::new).collect();
                Ok(Some(NoteHead::from(row).grants(Right::Read, user, &groups)))
            }
        }
    };
}

keelson_persistence_kit::repositories!(note_rows, SqliteNotes, PgNotes);
