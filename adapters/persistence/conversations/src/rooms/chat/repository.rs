use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::chat::{Chat, ChatChange, ChatId, ChatRepository, ChatSet, Switch};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::chat;
use keelson_persistence_kit::{JsonColumn, RowDecoder, TransactionError, failed};
use serde_json::{Map, Value};

use super::{Connection, Database, RunQueryDsl, delete_copies, dialect};
use crate::rows::chat::{ChatChangeRow, ChatRow};

/// Whole chats in the table `chat`.
pub struct Chats(Database);

impl Chats {
    /// Over this database.
    pub fn new(database: Database) -> Self {
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
        Ok(row.map(ChatRow::into_domain))
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
        Ok(row.map(ChatRow::into_domain))
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
        Ok(rows.into_iter().map(ChatRow::into_domain).collect())
    }

    async fn insert(&self, chats: &[Chat]) -> StoreResult<()> {
        self.0
            .transaction("chat", async |connection| {
                for row in chats.iter().map(ChatRow::from) {
                    diesel::insert_into(chat::table)
                        .values(row)
                        .execute(connection)
                        .await?;
                }
                Ok(())
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
        let row = match &change.body {
            None => {
                let mut connection = self.0.write().await?;
                apply(&mut connection, owner, id, change, None, now)
                    .await
                    .map_err(failed("chat"))?
            }
            Some(fields) => {
                self.0
                    .transaction("chat", async |connection| {
                        dialect::lock_row(connection, "chat", id.as_str()).await?;
                        let Some(body) = merged_body(connection, owner, id, fields).await? else {
                            return Ok(None);
                        };
                        Ok(apply(connection, owner, id, change, Some(body), now).await?)
                    })
                    .await?
            }
        };
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
