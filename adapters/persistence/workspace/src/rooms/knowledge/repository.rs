use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::knowledge::{Knowledge, KnowledgeRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::knowledge;

use super::row::KnowledgeRow;
use super::{Database, RunQueryDsl, dialect};

/// Collections of files in the table `knowledge`.
pub(super) struct KnowledgeCollections(Database);

impl KnowledgeCollections {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl KnowledgeRepository for KnowledgeCollections {
    async fn page(&self, scope: &Scope, skip: i64, limit: i64) -> StoreResult<(Vec<Knowledge>, i64)> {
        let mut connection = self.0.read().await?;
        let total: i64 = knowledge::table
            .filter(dialect::is_within(scope, "knowledge"))
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("knowledge"))?;
        let rows: Vec<KnowledgeRow> = knowledge::table
            .filter(dialect::is_within(scope, "knowledge"))
            .order((knowledge::updated_at.desc(), knowledge::id.asc()))
            .offset(skip)
            .limit(limit)
            .select(KnowledgeRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("knowledge"))?;
        Ok((rows.into_iter().map(KnowledgeRow::into_domain).collect(), total))
    }
}
