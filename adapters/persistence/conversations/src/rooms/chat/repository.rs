use std::collections::BTreeSet;

use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::chat::{Chat, ChatChange, ChatId, ChatRepository, ChatSet, Switch};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::chat;
use keelson_persistence_kit::{JsonColumn, RowDecoder, TransactionError, failed};
use serde_json::{Map, Value};

use super::super::folder::lock_folder;
use super::checkpoints::overlay;
use super::row::{ChatChangeRow, ChatRow};
use super::{Connection, Database, RunQueryDsl, delete_copies, dialect};

/// Whole chats in the table `chat`.
pub(super) struct Chats(Database);

impl Chats {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// Sets what a change names, with `body` as the whole new content, and answers the row.
async fn apply(
    connection: &mut Connection,
    owner: &UserId,
    id: &ChatId,
    change: &ChatChange,
    body: Option<Value>,
    now: Timestamp,
) -> QueryResult<Option<ChatRow>> {
    let own = chat::table
        .find(id.as_str())
        .filter(chat::user_id.eq(owner.as_str()));
    let pinned = (change.pinned == Some(Switch::Toggle))
        .then(|| chat::pinned.eq(chat::pinned.is_null().or(chat::pinned.eq(false))));
    let archived = (change.archived == Some(Switch::Toggle))
        .then(|| chat::archived.eq(diesel::dsl::not(chat::archived)));
    diesel::update(own)
        .set((ChatChangeRow::new(change, body, now), pinned, archived))
        .returning(ChatRow::as_returning())
        .get_result(connection)
        .await
        .optional()
}

/// The stored content with a change's fields merged in; none when the owner has no such chat.
async fn merged_body(
    connection: &mut Connection,
    owner: &UserId,
    id: &ChatId,
    fields: &Map<String, Value>,
) -> Result<Option<Value>, TransactionError> {
    let stored: Option<Option<JsonColumn>> = chat::table
        .find(id.as_str())
        .filter(chat::user_id.eq(owner.as_str()))
        .select(chat::body)
        .first(connection)
        .await
        .optional()?;
    let Some(stored) = stored else { return Ok(None) };
    let mut body = RowDecoder::new("chat", id.as_str()).object("chat", stored);
    body.extend(fields.clone());
    Ok(Some(Value::Object(body)))
}

/// A chat with the answers that are being written in it.
async fn shown(connection: &mut Connection, row: Option<ChatRow>) -> StoreResult<Option<Chat>> {
    let Some(row) = row else { return Ok(None) };
    let mut chat = row.into_domain();
    overlay(connection, std::slice::from_mut(&mut chat)).await?;
    Ok(Some(chat))
}

/// The folder that a chat is to lie in, and whose it must be.
fn folder_of(chat: &Chat) -> Option<(&FolderId, &UserId)> {
    Some((chat.folder.as_ref()?, &chat.owner))
}

/// The folders of chats that their owners do not have; the others stay until the transaction ends. Locked in one order,
/// so that nobody waits for each other.
async fn missing_folders<'c>(
    connection: &mut Connection,
    chats: &'c [Chat],
) -> QueryResult<BTreeSet<(&'c FolderId, &'c UserId)>> {
    let wanted: BTreeSet<_> = chats.iter().filter_map(folder_of).collect();
    let mut missing = BTreeSet::new();
    for (folder, owner) in wanted {
        if !lock_folder(connection, owner, folder).await? {
            missing.insert((folder, owner));
        }
    }
    Ok(missing)
}

#[async_trait]
impl ChatRepository for Chats {
    async fn find(&self, id: &ChatId) -> StoreResult<Option<Chat>> {
        let mut connection = self.0.read().await?;
        let row: Option<ChatRow> = chat::table
            .find(id.as_str())
            .select(ChatRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        shown(&mut connection, row).await
    }

    async fn find_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<Chat>> {
        let mut connection = self.0.read().await?;
        let row: Option<ChatRow> = chat::table
            .find(id.as_str())
            .filter(chat::user_id.eq(owner.as_str()))
            .select(ChatRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        shown(&mut connection, row).await
    }

    async fn load(&self, set: &ChatSet) -> StoreResult<Vec<Chat>> {
        let mut connection = self.0.read().await?;
        let all = chat::table
            .select(ChatRow::as_select())
            .order(chat::updated_at.desc())
            .into_boxed();
        let wanted = match set {
            ChatSet::Of(owner) => all.filter(chat::user_id.eq(owner.as_str())),
            ChatSet::Archived(owner) => {
                all.filter(chat::user_id.eq(owner.as_str()).and(chat::archived.eq(true)))
            }
            ChatSet::InFolders(owner, folders) => {
                let ids: Vec<&str> = folders.iter().map(|folder| folder.as_str()).collect();
                all.filter(chat::user_id.eq(owner.as_str()))
                    .filter(chat::archived.eq(false))
                    .filter(chat::pinned.is_null().or(chat::pinned.eq(false)))
                    .filter(chat::folder_id.eq_any(ids))
            }
            ChatSet::Everyone => all,
        };
        let rows: Vec<ChatRow> = wanted.load(&mut connection).await.map_err(failed("chat"))?;
        let mut chats: Vec<Chat> = rows.into_iter().map(ChatRow::into_domain).collect();
        overlay(&mut connection, &mut chats).await?;
        Ok(chats)
    }

    async fn insert(&self, chats: &[Chat]) -> StoreResult<Vec<ChatId>> {
        self.0
            .transaction("chat", async |connection| {
                let missing = missing_folders(connection, chats).await?;
                let mut unfiled = Vec::new();
                for chat in chats {
                    let mut row = ChatRow::from(chat);
                    if folder_of(chat).is_some_and(|folder| missing.contains(&folder)) {
                        row.folder_id = None;
                        unfiled.push(chat.id.clone());
                    }
                    diesel::insert_into(chat::table)
                        .values(row)
                        .execute(connection)
                        .await?;
                }
                Ok(unfiled)
            })
            .await
    }

    async fn update(
        &self,
        owner: &UserId,
        id: &ChatId,
        change: &ChatChange,
        now: Timestamp,
    ) -> StoreResult<Option<Chat>> {
        let into = change.folder.as_ref().and_then(Option::as_ref);
        if change.body.is_none() && into.is_none() {
            let mut connection = self.0.write().await?;
            let row = apply(&mut connection, owner, id, change, None, now).await;
            let row = row.map_err(failed("chat"))?;
            return Ok(row.map(ChatRow::into_domain));
        }
        let row = self
            .0
            .transaction("chat", async |connection| {
                // The folder comes first everywhere, so that nobody waits for each other.
                if let Some(folder) = into
                    && !lock_folder(connection, owner, folder).await?
                {
                    return Ok(None);
                }
                let Some(fields) = &change.body else {
                    return Ok(apply(connection, owner, id, change, None, now).await?);
                };
                dialect::lock_row(connection, "chat", id.as_str()).await?;
                let Some(body) = merged_body(connection, owner, id, fields).await? else {
                    return Ok(None);
                };
                Ok(apply(connection, owner, id, change, Some(body), now).await?)
            })
            .await?;
        Ok(row.map(ChatRow::into_domain))
    }

    async fn delete(&self, owner: &UserId, id: &ChatId) -> StoreResult<bool> {
        let copies = Chat::share_owner(id);
        self.0
            .transaction("chat", async |connection| {
                let own = chat::table
                    .find(id.as_str())
                    .filter(chat::user_id.eq(owner.as_str()));
                let deleted = diesel::delete(own).execute(connection).await?;
                if deleted > 0 {
                    diesel::delete(chat::table.filter(chat::user_id.eq(copies.as_str())))
                        .execute(connection)
                        .await?;
                }
                Ok(deleted > 0)
            })
            .await
    }

    async fn delete_all(&self, owner: &UserId) -> StoreResult<()> {
        self.0
            .transaction("chat", async |connection| {
                let own = chat::table.filter(chat::user_id.eq(owner.as_str()));
                let ids: Vec<String> = own.select(chat::id).load(connection).await?;
                delete_copies(connection, ids).await?;
                diesel::delete(own).execute(connection).await?;
                Ok(())
            })
            .await
    }

    async fn archive_all(&self, owner: &UserId, archived: bool) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::update(chat::table.filter(chat::user_id.eq(owner.as_str())))
            .set(chat::archived.eq(archived))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("chat"))
    }
}
