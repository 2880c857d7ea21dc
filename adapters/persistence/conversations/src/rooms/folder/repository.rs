use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::folder::{
    Folder, FolderChange, FolderId, FolderRepository, Misplaced, check_change, check_new, subtree,
};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::{chat, folder};
use keelson_persistence_kit::{TransactionError, failed};

use super::super::chat::delete_copies;
use super::row::{FolderChangeRow, FolderRow};
use super::{Connection, Database, RunQueryDsl, dialect};

/// Folders in the table `folder`.
pub(super) struct Folders(Database);

impl Folders {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// All folders of an owner.
async fn load(connection: &mut Connection, owner: &UserId) -> QueryResult<Vec<FolderRow>> {
    folder::table
        .filter(folder::user_id.eq(owner.as_str()))
        .select(FolderRow::as_select())
        .order((folder::created_at.asc(), folder::id.asc()))
        .load(connection)
        .await
}

/// All folders of an owner, none of which others change, add or delete until the transaction ends.
async fn load_locked(connection: &mut Connection, owner: &UserId) -> Result<Vec<Folder>, TransactionError> {
    dialect::lock_table(connection, "folder").await?;
    let rows = load(connection, owner).await?;
    Ok(rows.into_iter().map(FolderRow::into_domain).collect())
}

/// Whether an owner has a folder; it stays until the transaction ends.
pub(crate) async fn lock_folder(
    connection: &mut Connection,
    owner: &UserId,
    id: &FolderId,
) -> QueryResult<bool> {
    dialect::lock_row(connection, "folder", id.as_str()).await?;
    let found: i64 = folder::table
        .find((id.as_str(), owner.as_str()))
        .count()
        .get_result(connection)
        .await?;
    Ok(found > 0)
}

/// Sets what a change names, and answers the row.
async fn apply(
    connection: &mut Connection,
    owner: &UserId,
    id: &FolderId,
    change: FolderChange,
    now: Timestamp,
) -> QueryResult<Option<FolderRow>> {
    diesel::update(folder::table.find((id.as_str(), owner.as_str())))
        .set(FolderChangeRow {
            name: change.name,
            parent_id: change.parent.map(|parent| parent.map(FolderId::into_string)),
            data: change.data,
            meta: change.meta,
            is_expanded: change.is_expanded,
            updated_at: now.seconds(),
        })
        .returning(FolderRow::as_returning())
        .get_result(connection)
        .await
        .optional()
}

#[async_trait]
impl FolderRepository for Folders {
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Folder>> {
        let mut connection = self.0.read().await?;
        let rows = load(&mut connection, owner).await.map_err(failed("folder"))?;
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

    async fn insert(&self, new: &Folder) -> StoreResult<Result<(), Misplaced>> {
        self.0
            .transaction("folder", async |connection| {
                let folders = load_locked(connection, &new.owner).await?;
                if let Err(misplaced) = check_new(&folders, new) {
                    return Ok(Err(misplaced));
                }
                diesel::insert_into(folder::table)
                    .values(FolderRow::from(new))
                    .execute(connection)
                    .await?;
                Ok(Ok(()))
            })
            .await
    }

    async fn update(
        &self,
        owner: &UserId,
        id: &FolderId,
        change: &FolderChange,
        now: Timestamp,
    ) -> StoreResult<Result<Option<Folder>, Misplaced>> {
        let moves = change.name.is_some() || change.parent.is_some();
        let row = self
            .0
            .transaction("folder", async |connection| {
                if moves {
                    let folders = load_locked(connection, owner).await?;
                    let stored = folders.iter().find(|folder| folder.id == *id);
                    let checked = stored.map(|stored| check_change(&folders, stored, change));
                    if let Some(Err(misplaced)) = checked {
                        return Ok(Err(misplaced));
                    }
                }
                Ok(Ok(apply(connection, owner, id, change.clone(), now).await?))
            })
            .await?;
        Ok(row.map(|row| row.map(FolderRow::into_domain)))
    }

    async fn delete(&self, owner: &UserId, id: &FolderId, with_chats: bool) -> StoreResult<bool> {
        self.0
            .transaction("folder", async |connection| {
                let folders = load_locked(connection, owner).await?;
                if folders.iter().all(|folder| folder.id != *id) {
                    return Ok(false);
                }
                let below = subtree(&folders, id);
                // Waits for chats that are being put there.
                for id in &below {
                    dialect::lock_row(connection, "folder", id.as_str()).await?;
                }
                let ids: Vec<&str> = below.iter().map(FolderId::as_str).collect();
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
                Ok(true)
            })
            .await
    }
}
