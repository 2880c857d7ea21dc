use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use keelson_domain::chat::{ChatId, ChatMessages as ChatMessagesPort, MessageId};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::StoreResult;
use keelson_domain::tag::tag_id;
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::{chat, keelson_answer, tag};
use keelson_persistence_kit::{JsonColumn, RowDecoder, TransactionError, failed};
use serde_json::{Map, Value, json};

use super::super::tag::TagRow;
use super::answer_row::AnswerRow;
use super::checkpoints::merge_fields;
use super::row::MessageRow;
use super::{Database, RunQueryDsl, dialect};

/// Single messages inside the column `chat` of the table `chat`.
pub(super) struct ChatMessages(Database);

impl ChatMessages {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ChatMessagesPort for ChatMessages {
    async fn message(
        &self,
        owner: &UserId,
        chat: &ChatId,
        message: &MessageId,
    ) -> StoreResult<Option<Value>> {
        let mut connection = self.0.read().await?;
        let found: Option<MessageRow> = diesel::sql_query(dialect::select_message())
            .bind::<Text, _>(dialect::message_key(message)?)
            .bind::<Text, _>(chat.as_str())
            .bind::<Text, _>(owner.as_str())
            .get_result(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        let mut stored = found.and_then(|row| row.into_message(chat));
        let running: Option<AnswerRow> = keelson_answer::table
            .find((chat.as_str(), message.as_str()))
            .filter(keelson_answer::user_id.eq(owner.as_str()))
            .select(AnswerRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("keelson_answer"))?;
        if let Some(running) = running {
            let running = running.into_domain().fields;
            match stored.as_mut().and_then(Value::as_object_mut) {
                Some(fields) => fields.extend(running),
                None => stored = Some(Value::Object(running)),
            }
        }
        Ok(stored)
    }

    async fn merge_message(
        &self,
        owner: &UserId,
        chat: &ChatId,
        message: &MessageId,
        fields: &Map<String, Value>,
        shown: bool,
        now: i64,
    ) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        let place = (owner, chat.as_str(), message);
        merge_fields(&mut connection, place, fields, shown, now)
            .await
            .map_err(|error| match error {
                TransactionError::Driver(error) => failed("chat")(error),
                TransactionError::Store(error) => error,
            })
    }

    async fn set_title(&self, owner: &UserId, chat: &ChatId, title: &str, now: i64) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        let changed = diesel::sql_query(dialect::set_title())
            .bind::<Text, _>(title.replace('\0', ""))
            .bind::<BigInt, _>(now)
            .bind::<Text, _>(chat.as_str())
            .bind::<Text, _>(owner.as_str())
            .execute(&mut connection)
            .await
            .map_err(failed("chat"))?;
        Ok(changed > 0)
    }

    async fn title(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<String>> {
        let mut connection = self.0.read().await?;
        chat::table
            .find(chat.as_str())
            .filter(chat::user_id.eq(owner.as_str()))
            .select(chat::title)
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))
    }

    async fn folder(&self, owner: &UserId, chat: &ChatId) -> StoreResult<Option<FolderId>> {
        let mut connection = self.0.read().await?;
        let folder: Option<Option<String>> = chat::table
            .filter(dialect::is_chat(chat))
            .filter(chat::user_id.eq(owner.as_str()))
            .select(chat::folder_id)
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        Ok(folder.flatten().map(FolderId::new))
    }

    async fn set_tags(&self, owner: &UserId, chat: &ChatId, tags: &[String]) -> StoreResult<bool> {
        self.0
            .transaction("chat", async |connection| {
                dialect::lock_row(connection, "chat", chat.as_str()).await?;
                let own = chat::table
                    .find(chat.as_str())
                    .filter(chat::user_id.eq(owner.as_str()));
                let meta: Option<JsonColumn> = own.select(chat::meta).first(connection).await.optional()?;
                if meta.is_none() {
                    return Ok(false);
                }
                let row = RowDecoder::new("chat", chat.as_str());
                let mut meta = row.object("meta", meta);
                let ids: Vec<String> = tags.iter().map(|name| tag_id(name)).collect();
                let before = meta.insert("tags".to_owned(), json!(ids));
                let gone: Vec<String> = before
                    .as_ref()
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(|tag| tag.as_str().map(str::to_owned))
                    .filter(|tag| !ids.contains(tag))
                    .collect();
                diesel::update(own)
                    .set(chat::meta.eq(Value::Object(meta)))
                    .execute(connection)
                    .await?;
                for name in tags {
                    let row = TagRow {
                        id: tag_id(name),
                        name: name.clone(),
                        user_id: owner.to_string(),
                        meta: None,
                    };
                    diesel::insert_into(tag::table)
                        .values(row)
                        .on_conflict_do_nothing()
                        .execute(connection)
                        .await?;
                }
                let orphans = tag::table
                    .filter(tag::user_id.eq(owner.as_str()))
                    .filter(tag::id.eq_any(gone))
                    .filter(dialect::tag_is_unused());
                diesel::delete(orphans).execute(connection).await?;
                Ok(true)
            })
            .await
    }
}
