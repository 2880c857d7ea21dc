use diesel::prelude::*;
use keelson_domain::function::{Function, FunctionKind};
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{RowDecoder, schema};
use serde_json::Value;

/// A row of `function`, without its valves.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::function)]
pub(super) struct FunctionRow {
    id: String,
    user_id: String,
    name: String,
    kind: String,
    content: String,
    meta: String,
    is_active: bool,
    is_global: bool,
    created_at: i64,
    updated_at: i64,
}

impl FunctionRow {
    pub(super) fn into_domain(self) -> Function {
        let row = RowDecoder::new("function", &self.id);
        let kind = row.one_of("type", &self.kind, "filter, pipe, action");
        Function {
            meta: Value::Object(row.object_text("meta", &self.meta)),
            owner: self.user_id.into(),
            name: self.name,
            // What is of no known kind stays off; of all kinds, a button does the least by itself.
            is_active: kind.is_some() && self.is_active,
            kind: kind.unwrap_or(FunctionKind::Action),
            content: self.content,
            is_global: self.is_global,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: self.id.into(),
        }
    }
}
