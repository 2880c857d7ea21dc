use diesel::prelude::*;
use keelson_domain::shared::Timestamp;
use keelson_domain::tool::Tool;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};
use serde_json::{Value, json};

/// A row of `tool`, without its valves.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::tool)]
pub(super) struct ToolRow {
    id: String,
    user_id: String,
    name: String,
    content: String,
    specs: String,
    meta: String,
    access_control: Option<JsonColumn>,
    created_at: i64,
    updated_at: i64,
}

impl ToolRow {
    pub(super) fn into_domain(self) -> Tool {
        let row = RowDecoder::new("tool", &self.id);
        Tool {
            specs: row.json_text("specs", &self.specs).unwrap_or_else(|| json!([])),
            meta: Value::Object(row.object_text("meta", &self.meta)),
            owner: self.user_id.into(),
            name: self.name,
            content: self.content,
            access_control: row.access_rules(self.access_control),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: self.id.into(),
        }
    }
}
