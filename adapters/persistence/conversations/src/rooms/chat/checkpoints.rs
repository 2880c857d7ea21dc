use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use keelson_domain::chat::{AnswerCheckpoint, AnswerCheckpoints as AnswerCheckpointsPort, Chat, MessageId};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::{chat, keelson_answer};
use keelson_persistence_kit::{TransactionError, failed};
use serde_json::{Map, Value};

use super::answer_row::AnswerRow;
use super::{Connection, Database, RunQueryDsl, dialect};

/// Running answers in the table `keelson_answer`.
pub(super) struct AnswerCheckpoints(Database);

impl AnswerCheckpoints {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// Merges fields into a message of a chat; answers whether the owner has such a chat.
pub(super) async fn merge_fields(
    connection: &mut Connection,
    place: (&UserId, &str, &MessageId),
    fields: &Map<String, Value>,
    shown: bool,
    now: i64,
) -> Result<bool, TransactionError> {
    let (owner, chat, message) = place;
    let text = serde_json::to_string(fields).map_err(StoreError::unavailable)?;
    let changed = diesel::sql_query(dialect::merge_message())
        .bind::<Text, _>(text)
        .bind::<Text, _>(dialect::message_key(message)?)
        .bind::<Text, _>(message.as_str())
        .bind::<BigInt, _>(now)
        .bind::<Text, _>(chat)
        .bind::<Text, _>(owner.as_str())
        .bind::<Bool, _>(shown)
        .execute(connection)
        .await?;
    Ok(changed > 0)
}

/// Merges what a checkpoint holds into its chat.
async fn merge(connection: &mut Connection, checkpoint: &AnswerCheckpoint) -> Result<bool, TransactionError> {
    let place = (&checkpoint.owner, checkpoint.chat.as_str(), &checkpoint.message);
    merge_fields(
        connection,
        place,
        &checkpoint.fields,
        true,
        checkpoint.saved_at.seconds(),
    )
    .await
}

/// Merges the checkpoints of chats into them, as they are shown.
pub(super) async fn overlay(connection: &mut Connection, chats: &mut [Chat]) -> StoreResult<()> {
    if chats.is_empty() {
        return Ok(());
    }
    // Of many chats, all that run: there are few, and the ids would be many.
    let rows: Vec<AnswerRow> = match chats {
        [chat] => {
            keelson_answer::table
                .filter(keelson_answer::chat_id.eq(chat.id.as_str()))
                .select(AnswerRow::as_select())
                .load(connection)
                .await
        }
        _ => {
            keelson_answer::table
                .select(AnswerRow::as_select())
                .load(connection)
                .await
        }
    }
    .map_err(failed("keelson_answer"))?;
    for row in rows {
        let checkpoint = row.into_domain();
        let shown = chats
            .iter_mut()
            .find(|chat| chat.id == checkpoint.chat && chat.owner == checkpoint.owner);
        if let Some(chat) = shown {
            chat.merge_message(&checkpoint.message, checkpoint.fields);
        }
    }
    Ok(())
}

#[async_trait]
impl AnswerCheckpointsPort for AnswerCheckpoints {
    async fn save(&self, checkpoint: &AnswerCheckpoint) -> StoreResult<bool> {
        // What could not be merged later would stand in the way of what can, at every recovery.
        dialect::message_key(&checkpoint.message)?;
        let mut connection = self.0.write().await?;
        let own = chat::table
            .find(checkpoint.chat.as_str())
            .filter(chat::user_id.eq(checkpoint.owner.as_str()));
        let has_chat: bool = diesel::select(exists(own.select(chat::id)))
            .get_result(&mut connection)
            .await
            .map_err(failed("chat"))?;
        if !has_chat {
            return Ok(false);
        }
        diesel::insert_into(keelson_answer::table)
            .values(AnswerRow::from(checkpoint))
            .on_conflict((keelson_answer::chat_id, keelson_answer::message_id))
            .do_update()
            .set(AnswerRow::from(checkpoint))
            .execute(&mut connection)
            .await
            .map_err(failed("keelson_answer"))?;
        Ok(true)
    }

    async fn finish(&self, checkpoint: &AnswerCheckpoint) -> StoreResult<bool> {
        self.0
            .transaction("chat", async |connection| {
                let key = (checkpoint.chat.as_str(), checkpoint.message.as_str());
                diesel::delete(keelson_answer::table.find(key))
                    .execute(connection)
                    .await?;
                merge(connection, checkpoint).await
            })
            .await
    }

    async fn recover(&self, saved_before: Timestamp) -> StoreResult<u64> {
        let old: Vec<AnswerRow> = {
            let mut connection = self.0.read().await?;
            keelson_answer::table
                .filter(keelson_answer::saved_at.lt(saved_before.nanos()))
                .select(AnswerRow::as_select())
                .load(&mut connection)
                .await
                .map_err(failed("keelson_answer"))?
        };
        let mut recovered = 0;
        for row in old {
            let checkpoint = row.into_domain();
            let is_merged = self
                .0
                .transaction("chat", async |connection| {
                    let unchanged = keelson_answer::table
                        .find((checkpoint.chat.as_str(), checkpoint.message.as_str()))
                        .filter(keelson_answer::saved_at.eq(checkpoint.saved_at.nanos()));
                    match diesel::delete(unchanged).execute(connection).await? {
                        0 => Ok(false),
                        _ => merge(connection, &checkpoint).await,
                    }
                })
                .await?;
            recovered += u64::from(is_merged);
        }
        Ok(recovered)
    }
}
