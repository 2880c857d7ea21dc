use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::access::OwnerScope;
use keelson_domain::file::{File, FileRepository};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::file;

use super::row::FileRow;
use super::{Database, RunQueryDsl};

/// Files in the table `file`.
pub(super) struct Files(Database);

impl Files {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl FileRepository for Files {
    async fn list(&self, owners: &OwnerScope, content: bool) -> StoreResult<Vec<File>> {
        let mut connection = self.0.read().await?;
        let mut rows = file::table.select(FileRow::as_select()).into_boxed();
        if let OwnerScope::Of(owner) = owners {
            rows = rows.filter(file::user_id.eq(owner.as_str()));
        }
        let rows: Vec<FileRow> = rows
            .order(file::created_at.asc())
            .load(&mut connection)
            .await
            .map_err(failed("file"))?;
        let mut files: Vec<File> = rows.into_iter().map(FileRow::into_domain).collect();
        if !content {
            let all = files.iter_mut().filter_map(|file| file.data.as_mut());
            for data in all.filter_map(serde_json::Value::as_object_mut) {
                data.shift_remove("content");
            }
        }
        Ok(files)
    }
}
