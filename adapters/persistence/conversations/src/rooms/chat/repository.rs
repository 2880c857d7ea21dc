use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::chat::{Chat, ChatChange, ChatId, ChatRepository, ChatSet};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::chat;
use keelson_persistence_kit::{JsonColumn, RowDecoder, failed};
use serde_json::Value;

use super::{Database, dialect};
use crate::rows::chat::{ChatChangeRow, ChatRow};

/// Whole chats in the table `chat`.
pub struct Chats(Database);

impl Chats {
    /// Over this database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }
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
        row.map(ChatRow::into_domain).transpose()
    }

    async fn find_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<Chat>> {
        let found = self.find(id).await?;
        Ok(found.filter(|chat| chat.owner == *owner))
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
        rows.into_iter().map(ChatRow::into_domain).collect()
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
        let own = chat::table
            .find(id.as_str())
            .filter(chat::user_id.eq(owner.as_str()));
        let row: Option<ChatRow> = self
            .0
            .transaction("chat", async |connection| {
                dialect::lock_row(connection, "chat", id.as_str()).await?;
                let body = match &change.body {
                    None => None,
                    Some(new) => {
                        let stored: Option<Option<JsonColumn>> =
                            own.select(chat::body).first(connection).await.optional()?;
                        let row = RowDecoder::new("chat", id.as_str());
                        let mut body = row.object("chat", stored.flatten())?;
                        body.extend(new.clone());
                        Some(Value::Object(body))
                    }
                };
                let row = diesel::update(own)
                    .set(ChatChangeRow {
                        body,
                        title: change.title.clone(),
                        archived: change.archived,
                        pinned: change.pinned,
                        folder_id: change
                            .folder
                            .as_ref()
                            .map(|folder| folder.as_ref().map(ToString::to_string)),
                        updated_at: now.seconds(),
                    })
                    .returning(ChatRow::as_returning())
                    .get_result(connection)
                    .await
                    .optional()?;
                Ok(row)
            })
            .await?;
        row.map(ChatRow::into_domain).transpose()
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
                for id in ids {
                    let copies = Chat::share_owner(&ChatId::new(id));
                    diesel::delete(chat::table.filter(chat::user_id.eq(copies.as_str())))
                        .execute(connection)
                        .await?;
                }
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
