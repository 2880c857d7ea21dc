use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::knowledge::{Knowledge, KnowledgeRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::knowledge;

use super::Database;
use crate::rows::knowledge::KnowledgeRow;

/// Collections of files in the table `knowledge`.
pub struct KnowledgeCollections(Database);

impl KnowledgeCollections {
    /// Over this database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl KnowledgeRepository for KnowledgeCollections {
    async fn list(&self) -> StoreResult<Vec<Knowledge>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<KnowledgeRow> = knowledge::table
            .order(knowledge::updated_at.desc())
            .select(KnowledgeRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("knowledge"))?;
        rows.into_iter().map(KnowledgeRow::into_domain).collect()
    }
}
