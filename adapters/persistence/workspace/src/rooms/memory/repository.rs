use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::memory::{Memory, MemoryRepository};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::memory;

use super::row::MemoryRow;
use super::{Database, RunQueryDsl};

/// Memories in the table `memory`.
pub(super) struct Memories(Database);

impl Memories {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl MemoryRepository for Memories {
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
