use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::memory::{Memory, MemoryRepository};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{self, memory};

/// A row of `memory`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::memory)]
struct MemoryRow {
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

macro_rules! memory_rows {
    ($name:ident, $db:ty, $dialect:ident) => {
        /// Memories in the table `memory`.
        pub struct $name(pub $db);

        #[async_trait]
        impl MemoryRepository for $name {
            async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Memory>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<MemoryRow> = memory::table
                    .filter(memory::user_id.eq(user.as_str()))
                    .order(memory::created_at.asc())
                    .select(MemoryRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("memory"))?;
                Ok(rows.into_iter().map(Memory::from).collect())
            }
        }
    };
}

keelson_persistence_kit::repositories!(memory_rows, SqliteMemories, PgMemories);
