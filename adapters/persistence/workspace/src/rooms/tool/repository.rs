use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::shared::StoreResult;
use keelson_domain::tool::{Tool, ToolRepository};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::tool;

use super::row::ToolRow;
use super::{Database, RunQueryDsl, dialect};

/// Tools in the table `tool`.
pub(super) struct Tools(Database);

impl Tools {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ToolRepository for Tools {
    async fn list(&self, scope: &Scope) -> StoreResult<Vec<Tool>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ToolRow> = tool::table
            .filter(dialect::is_within(scope, "tool"))
            .order(tool::updated_at.desc())
            .select(ToolRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("tool"))?;
        Ok(rows.into_iter().map(ToolRow::into_domain).collect())
    }
}
