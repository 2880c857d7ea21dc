use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::note::{Note, NoteHead, NoteHeads, NoteId, NoteRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::note;

use super::row::{NoteHeadRow, NoteRow};
use super::{Database, RunQueryDsl, dialect};

/// Notes in the table `note`.
pub(super) struct Notes(Database);

impl Notes {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl NoteRepository for Notes {
    async fn list(&self, scope: &Scope, skip: i64, limit: Option<i64>) -> StoreResult<Vec<Note>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<NoteRow> = note::table
            .filter(dialect::is_within(scope, "note"))
            .order((note::updated_at.desc(), note::id.asc()))
            .offset(skip)
            .limit(limit.unwrap_or(i64::MAX))
            .select(NoteRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("note"))?;
        Ok(rows.into_iter().map(NoteRow::into_domain).collect())
    }
}

#[async_trait]
impl NoteHeads for Notes {
    async fn head(&self, id: &NoteId) -> StoreResult<Option<NoteHead>> {
        let mut connection = self.0.read().await?;
        let row: Option<NoteHeadRow> = note::table
            .filter(note::id.eq(id.as_str()))
            .select(NoteHeadRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("note"))?;
        Ok(row.map(NoteHeadRow::into_domain))
    }
}
