use diesel::prelude::*;
use keelson_domain::prompt::Prompt;
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `prompt`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::prompt)]
pub(super) struct PromptRow {
    command: String,
    user_id: String,
    title: String,
    content: String,
    timestamp: i64,
    access_control: Option<JsonColumn>,
}

impl PromptRow {
    pub(super) fn into_domain(self) -> Prompt {
        let row = RowDecoder::new("prompt", &self.command);
        Prompt {
            owner: self.user_id.into(),
            title: self.title,
            content: self.content,
            updated_at: Timestamp::from_seconds(self.timestamp),
            access_control: row.access_rules(self.access_control),
            command: self.command,
        }
    }
}
