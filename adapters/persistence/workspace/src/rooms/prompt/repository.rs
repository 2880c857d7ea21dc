use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::prompt::{Prompt, PromptRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::prompt;

use super::row::PromptRow;
use super::{Database, RunQueryDsl, dialect};

/// Prompts in the table `prompt`.
pub(super) struct Prompts(Database);

impl Prompts {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl PromptRepository for Prompts {
    async fn list(&self, scope: &Scope) -> StoreResult<Vec<Prompt>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<PromptRow> = prompt::table
            .filter(dialect::is_within(scope, "prompt"))
            .order(prompt::timestamp.desc())
            .select(PromptRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("prompt"))?;
        Ok(rows.into_iter().map(PromptRow::into_domain).collect())
    }
}
