use diesel::prelude::*;
use keelson_domain::memory::Memory;
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::schema;

/// A row of `memory`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::memory)]
pub(super) struct MemoryRow {
    id: String,
    user_id: String,
    content: String,
    created_at: i64,
    updated_at: i64,
}

impl From<MemoryRow> for Memory {
    fn from(row: MemoryRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.into(),
            content: row.content,
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
        }
    }
}
