use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::function::{Function, FunctionRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::function;

use super::row::FunctionRow;
use super::{Database, RunQueryDsl};

/// Functions in the table `function`.
pub(super) struct Functions(Database);

impl Functions {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl FunctionRepository for Functions {
    async fn list(&self) -> StoreResult<Vec<Function>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<FunctionRow> = function::table
            .order(function::created_at.asc())
            .select(FunctionRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("function"))?;
        Ok(rows.into_iter().map(FunctionRow::into_domain).collect())
    }
}
