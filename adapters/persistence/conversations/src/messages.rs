use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel_async::{AsyncConnection, RunQueryDsl};
use keelson_domain::chat::{ChatId, ChatMessages, MessageId};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::{StoreError, StoreResult};
use keelson_domain::tag::tag_id;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{chat, tag};
use serde_json::{Map, Value, json};

#[cfg(feature = "postgres")]
use crate::json::clean;
use crate::lock;
use crate::rows::{TagRow, fields};
use crate::tags::unused;

/// One JSON document as text.
#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

impl Document {
    fn parse(self, chat: &ChatId) -> StoreResult<Option<Value>> {
        let bad = |error: serde_json::Error| StoreError::Inconsistent {
            table: "chat",
            column: "chat",
            row: chat.to_string(),
            reason: error.to_string(),
        };
        self.value
            .map(|text| serde_json::from_str(&text).map_err(bad))
            .transpose()
    }
}

/// The statements of one backend. Their texts take: the JSON of a message's fields, the message's place, the chat's id
/// and its owner.
struct Statements {
    message: &'static str,
    merge: &'static str,
    title: &'static str,
    place: fn(&MessageId) -> StoreResult<String>,
}

/// SQLite addresses a message by a path. Its fields are merged one by one, so that nulls are kept (`json_patch` would
/// drop them) and nothing is rewritten but the text around them. A path leads through objects only: a history that is
/// none is begun anew.
#[cfg(feature = "sqlite")]
const SQLITE: Statements = Statements {
    message: "SELECT json_extract(chat, ?) AS value FROM chat WHERE id = ? AND user_id = ?",
    merge: "UPDATE chat SET chat = json_set(CASE WHEN json_type(chat, '$.history.messages') = 'object' THEN chat WHEN \
            json_type(chat, '$.history') = 'object' THEN json_set(chat, '$.history.messages', json('{}')) ELSE \
            json_set(coalesce(chat, '{}'), '$.history', json('{\"messages\":{}}')) END, ?2, json((SELECT json_group_object(key, \
            json(value)) FROM (SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN 'true' WHEN 'false' THEN \
            'false' WHEN 'text' THEN json_quote(value) ELSE value END AS value FROM json_each(CASE json_type(chat.chat, ?2) WHEN \
            'object' THEN json_extract(chat.chat, ?2) ELSE '{}' END) old WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) \
            new WHERE new.key = old.key) UNION ALL SELECT key, CASE type WHEN 'null' THEN 'null' WHEN 'true' THEN \
            'true' WHEN 'false' THEN 'false' WHEN 'text' THEN json_quote(value) ELSE value END FROM json_each(?1)))), \
            '$.history.currentId', CASE WHEN ?7 THEN ?3 ELSE \
            json_extract(chat, '$.history.currentId') END), updated_at = ?4 WHERE id = ?5 AND user_id = ?6",
    title: "UPDATE chat SET title = ?1, chat = json_set(coalesce(chat, '{}'), '$.title', ?1), updated_at = ?2 \
            WHERE id = ?3 AND user_id = ?4",
    place: |message| {
        let id = message.as_str();
        if id.contains(['"', '\\']) {
            // Such an id cannot be written in a path; the front end makes UUIDs.
            return Err(StoreError::Conflict { what: "message id" });
        }
        Ok(format!("$.history.messages.\"{id}\""))
    },
};

#[cfg(feature = "postgres")]
const POSTGRES: Statements = Statements {
    message: concat!(
        "SELECT (",
        clean!("chat.chat"),
        " #> ARRAY['history', 'messages', $1])::text AS value FROM chat WHERE id = $2 AND user_id = $3"
    ),
    merge: concat!(
        "UPDATE chat SET chat = (SELECT whole || jsonb_build_object('history', history || jsonb_build_object(\
            'messages', messages || jsonb_build_object($2, CASE jsonb_typeof(messages -> $2) WHEN 'object' THEN \
            messages -> $2 ELSE '{}'::jsonb END || $1::jsonb), 'currentId', CASE WHEN $7 THEN \
            to_jsonb($3::text) ELSE history -> 'currentId' END)) FROM (SELECT whole, history, \
            CASE jsonb_typeof(history -> 'messages') WHEN 'object' THEN history -> 'messages' ELSE '{}'::jsonb END AS \
            messages FROM (SELECT whole, CASE jsonb_typeof(whole -> 'history') WHEN 'object' THEN whole -> 'history' \
            ELSE '{}'::jsonb END AS history FROM (SELECT coalesce(",
        clean!("chat.chat"),
        ", '{}'::jsonb) AS whole) a) b) \
            c)::json, updated_at = $4 WHERE id = $5 AND user_id = $6"
    ),
    title: concat!(
        "UPDATE chat SET title = $1, chat = (coalesce(",
        clean!("chat.chat"),
        ", '{}'::jsonb) || jsonb_build_object('title', $1))::json, updated_at = $2 WHERE id = $3 AND user_id = $4"
    ),
    place: |message| Ok(message.to_string()),
};

macro_rules! message_rows {
    ($name:ident, $db:ty, $transaction:ident, $unused:ident, $statements:ident) => {
        /// Single messages inside the column `chat` of the table `chat`.
        pub struct $name(pub $db);

        #[async_trait]
        impl ChatMessages for $name {
            async fn message(
                &self,
                owner: &UserId,
                chat: &ChatId,
                message: &MessageId,
            ) -> StoreResult<Option<Value>> {
                let mut connection = self.0.read().await?;
                let found: Option<Document> = diesel::sql_query($statements.message)
                    .bind::<Text, _>(($statements.place)(message)?)
                    .bind::<Text, _>(chat.as_str())
                    .bind::<Text, _>(owner.as_str())
                    .get_result(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("chat"))?;
                found.map_or(Ok(None), |document| document.parse(chat))
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
                let text = serde_json::to_string(fields).map_err(StoreError::unavailable)?;
                let mut connection = self.0.write().await?;
                let changed = diesel::sql_query($statements.merge)
                    .bind::<Text, _>(text)
                    .bind::<Text, _>(($statements.place)(message)?)
                    .bind::<Text, _>(message.as_str())
                    .bind::<BigInt, _>(now)
                    .bind::<Text, _>(chat.as_str())
                    .bind::<Text, _>(owner.as_str())
                    .bind::<Bool, _>(shown)
                    .execute(&mut connection)
                    .await
                    .map_err(failed("chat"))?;
                Ok(changed > 0)
            }

            async fn set_title(
                &self,
                owner: &UserId,
                chat: &ChatId,
                title: &str,
                now: i64,
            ) -> StoreResult<bool> {
                let mut connection = self.0.write().await?;
                let changed = diesel::sql_query($statements.title)
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
                    .find(chat.as_str())
                    .filter(chat::user_id.eq(owner.as_str()))
                    .select(chat::folder_id)
                    .first(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("chat"))?;
                Ok(folder.flatten().map(FolderId::new))
            }

            async fn set_tags(&self, owner: &UserId, chat: &ChatId, tags: &[String]) -> StoreResult<bool> {
                let mut connection = self.0.write().await?;
                connection
                    .$transaction(async |connection| {
                        lock::$transaction(connection, chat.as_str()).await?;
                        let own = chat::table
                            .find(chat.as_str())
                            .filter(chat::user_id.eq(owner.as_str()));
                        let meta: Option<Value> =
                            own.select(chat::meta).first(connection).await.optional()?;
                        if meta.is_none() {
                            return Ok(false);
                        }
                        let mut meta = fields(meta);
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
                            .filter(sql::<Bool>(unused::$unused));
                        diesel::delete(orphans).execute(connection).await?;
                        Ok(true)
                    })
                    .await
                    .map_err(failed("chat"))
            }
        }
    };
}

#[cfg(feature = "sqlite")]
message_rows!(
    SqliteChatMessages,
    keelson_persistence_kit::SqliteDb,
    immediate_transaction,
    SQLITE,
    SQLITE
);
#[cfg(feature = "postgres")]
message_rows!(
    PgChatMessages,
    keelson_persistence_kit::PgDb,
    transaction,
    POSTGRES,
    POSTGRES
);
