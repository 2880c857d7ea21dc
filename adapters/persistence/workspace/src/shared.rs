use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::file::{File, FileQuery, FileRepository};
use keelson_domain::function::{Function, FunctionRepository};
use keelson_domain::knowledge::{Knowledge, KnowledgeRepository};
use keelson_domain::prompt::{Prompt, PromptRepository};
use keelson_domain::shared::StoreResult;
use keelson_domain::tool::{Tool, ToolRepository};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{file, function, knowledge, prompt, tool};

use crate::shared_rows::{FileRow, FunctionRow, KnowledgeRow, PromptRow, ToolRow};

macro_rules! shared_tables {
    ($name:ident, $db:ty, $dialect:ident) => {
        /// What the workspace holds: `tool`, `function`, `prompt`, `knowledge`, `file`.
        pub struct $name(pub $db);

        #[async_trait]
        impl ToolRepository for $name {
            async fn list(&self) -> StoreResult<Vec<Tool>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<ToolRow> = tool::table
                    .order(tool::updated_at.desc())
                    .select(ToolRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("tool"))?;
                rows.into_iter().map(ToolRow::into_domain).collect()
            }
        }

        #[async_trait]
        impl FunctionRepository for $name {
            async fn list(&self) -> StoreResult<Vec<Function>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<FunctionRow> = function::table
                    .order(function::created_at.asc())
                    .select(FunctionRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("function"))?;
                rows.into_iter().map(FunctionRow::into_domain).collect()
            }
        }

        #[async_trait]
        impl PromptRepository for $name {
            async fn list(&self) -> StoreResult<Vec<Prompt>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<PromptRow> = prompt::table
                    .order(prompt::timestamp.desc())
                    .select(PromptRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("prompt"))?;
                Ok(rows.into_iter().map(Prompt::from).collect())
            }
        }

        #[async_trait]
        impl KnowledgeRepository for $name {
            async fn list(&self) -> StoreResult<Vec<Knowledge>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<KnowledgeRow> = knowledge::table
                    .order(knowledge::updated_at.desc())
                    .select(KnowledgeRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("knowledge"))?;
                Ok(rows.into_iter().map(Knowledge::from).collect())
            }
        }

        #[async_trait]
        impl FileRepository for $name {
            async fn list(&self, query: &FileQuery) -> StoreResult<Vec<File>> {
                let mut connection = self.0.read().await?;
                let mut rows = file::table.select(FileRow::as_select()).into_boxed();
                if let Some(owner) = &query.owner {
                    rows = rows.filter(file::user_id.eq(owner.as_str()));
                }
                let rows: Vec<FileRow> = rows
                    .order(file::created_at.asc())
                    .load(&mut connection)
                    .await
                    .map_err(failed("file"))?;
                let mut files: Vec<File> = rows.into_iter().map(File::from).collect();
                if !query.content {
                    let all = files.iter_mut().filter_map(|file| file.data.as_mut());
                    for data in all.filter_map(serde_json::Value::as_object_mut) {
                        data.shift_remove("content");
                    }
                }
                Ok(files)
            }
        }
    };
}

keelson_persistence_kit::repositories!(shared_tables, SqliteShared, PgShared);
