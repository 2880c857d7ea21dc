use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::folder::{Folder, FolderChange, FolderId, FolderRepository};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{chat, folder};

use super::chat::delete_copies;
use super::{Database, RunQueryDsl};
use crate::rows::folder::{FolderChangeRow, FolderRow};

/// Folders in the table `folder`.
pub struct Folders(Database);

impl Folders {
    /// Over this database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl FolderRepository for Folders {
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Folder>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<FolderRow> = folder::table
            .filter(folder::user_id.eq(owner.as_str()))
            .select(FolderRow::as_select())
            .order((folder::created_at.asc(), folder::id.asc()))
            .load(&mut connection)
            .await
            .map_err(failed("folder"))?;
        Ok(rows.into_iter().map(FolderRow::into_domain).collect())
    }

    async fn find(&self, owner: &UserId, id: &FolderId) -> StoreResult<Option<Folder>> {
        let mut connection = self.0.read().await?;
        let row: Option<FolderRow> = folder::table
            .find((id.as_str(), owner.as_str()))
            .select(FolderRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("folder"))?;
        Ok(row.map(FolderRow::into_domain))
    }

    async fn insert(&self, new: &Folder) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::insert_into(folder::table)
            .values(FolderRow::from(new))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("folder"))
    }

    async fn update(
        &self,
        owner: &UserId,
        id: &FolderId,
        change: &FolderChange,
        now: Timestamp,
    ) -> StoreResult<Option<Folder>> {
        let mut connection = self.0.write().await?;
        let change = change.clone();
        let row: Option<FolderRow> = diesel::update(folder::table.find((id.as_str(), owner.as_str())))
            .set(FolderChangeRow {
                name: change.name,
                parent_id: change.parent.map(|parent| parent.map(FolderId::into_string)),
                data: change.data,
                meta: change.meta,
                is_expanded: change.is_expanded,
                updated_at: now.seconds(),
            })
            .returning(FolderRow::as_returning())
            .get_result(&mut connection)
            .await
            .optional()
            .map_err(failed("folder"))?;
        Ok(row.map(FolderRow::into_domain))
    }

    async fn delete(&self, owner: &UserId, ids: &[FolderId], with_chats: bool) -> StoreResult<()> {
        let ids: Vec<&str> = ids.iter().map(FolderId::as_str).collect();
        self.0
            .transaction("folder", async |connection| {
                let inside = chat::table
                    .filter(chat::user_id.eq(owner.as_str()))
                    .filter(chat::folder_id.eq_any(ids.clone()));
                if with_chats {
                    let chats: Vec<String> = inside.clone().select(chat::id).load(connection).await?;
                    delete_copies(connection, chats).await?;
                    diesel::delete(inside).execute(connection).await?;
                } else {
                    diesel::update(inside)
                        .set(chat::folder_id.eq(None::<String>))
                        .execute(connection)
                        .await?;
                }
                let own = folder::table
                    .filter(folder::user_id.eq(owner.as_str()))
                    .filter(folder::id.eq_any(ids.clone()));
                diesel::delete(own).execute(connection).await?;
                Ok(())
            })
            .await
    }
}
