use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::access::Right;
use keelson_domain::group::GroupId;
use keelson_domain::note::{Note, NoteHead, NoteId, NoteReaders, NoteRepository};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{group_member, note};

use super::Database;
use crate::rows::note::{NoteHeadRow, NoteRow};

/// Notes in the table `note`.
pub struct Notes(Database);

impl Notes {
    /// Over this database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl NoteRepository for Notes {
    async fn heads(&self) -> StoreResult<Vec<NoteHead>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<NoteHeadRow> = note::table
            .order(note::updated_at.desc())
            .select(NoteHeadRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("note"))?;
        rows.into_iter().map(NoteHeadRow::into_domain).collect()
    }

    async fn load(&self, ids: &[NoteId]) -> StoreResult<Vec<Note>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<NoteRow> = note::table
            .filter(note::id.eq_any(ids.iter().map(NoteId::as_str)))
            .select(NoteRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("note"))?;
        rows.into_iter().map(NoteRow::into_domain).collect()
    }
}

#[async_trait]
impl NoteReaders for Notes {
    async fn may_read(&self, user: &UserId, id: &NoteId) -> StoreResult<Option<bool>> {
        let mut connection = self.0.read().await?;
        let row: Option<NoteHeadRow> = note::table
            .filter(note::id.eq(id.as_str()))
            .select(NoteHeadRow::as_select())
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
        let head = row.into_domain()?;
        Ok(Some(head.grants(Right::Read, user, &groups)))
    }
}
