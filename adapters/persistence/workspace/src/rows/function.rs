use diesel::prelude::*;
use keelson_domain::function::Function;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_persistence_kit::{RowDecoder, schema};

/// A row of `function`, without its valves.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::function)]
pub(crate) struct FunctionRow {
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
    pub(crate) fn into_domain(self) -> StoreResult<Function> {
        let row = RowDecoder::new("function", &self.id);
        Ok(Function {
            meta: row.json_text("meta", &self.meta)?,
            owner: self.user_id.into(),
            name: self.name,
            kind: row.one_of("type", &self.kind, "filter, pipe, action")?,
            content: self.content,
            is_active: self.is_active,
            is_global: self.is_global,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: self.id.into(),
        })
    }
}
