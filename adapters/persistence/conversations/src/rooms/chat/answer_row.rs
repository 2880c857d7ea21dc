use diesel::prelude::*;
use keelson_domain::chat::{AnswerCheckpoint, ChatId, MessageId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use keelson_persistence_kit::{RowDecoder, schema};
use serde_json::Value;

/// A row of `keelson_answer`; the fields are JSON kept as text.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::keelson_answer)]
pub(super) struct AnswerRow {
    pub(super) chat_id: String,
    pub(super) message_id: String,
    pub(super) user_id: String,
    pub(super) fields: String,
    pub(super) saved_at: i64,
}

impl AnswerRow {
    pub(super) fn into_domain(self) -> AnswerCheckpoint {
        let fields = RowDecoder::new("keelson_answer", &self.chat_id).object_text("fields", &self.fields);
        AnswerCheckpoint {
            owner: UserId::new(self.user_id),
            chat: ChatId::new(self.chat_id),
            message: MessageId::new(self.message_id),
            fields,
            saved_at: Timestamp::from_nanos(self.saved_at),
        }
    }
}

impl From<&AnswerCheckpoint> for AnswerRow {
    fn from(checkpoint: &AnswerCheckpoint) -> Self {
        Self {
            chat_id: checkpoint.chat.to_string(),
            message_id: checkpoint.message.to_string(),
            user_id: checkpoint.owner.to_string(),
            fields: Value::Object(checkpoint.fields.clone()).to_string(),
            saved_at: checkpoint.saved_at.nanos(),
        }
    }
}
