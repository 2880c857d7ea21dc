use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::config::{SettingsChange, SettingsStore, StoredSettings, apply_changes};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::config;

use super::row::{ConfigRow, nothing_stored};
use super::{Database, RunQueryDsl, dialect};

/// The settings tree in the newest row of the table `config`.
pub(crate) struct Settings(Database);

impl Settings {
    /// Over this database.
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl SettingsStore for Settings {
    async fn load(&self) -> StoreResult<StoredSettings> {
        let mut connection = self.0.read().await?;
        let row: Option<ConfigRow> = config::table
            .order(config::id.desc())
            .select(ConfigRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("config"))?;
        row.map_or_else(|| Ok(nothing_stored()), ConfigRow::into_domain)
    }

    async fn version(&self) -> StoreResult<i64> {
        let mut connection = self.0.read().await?;
        let version: Option<i32> = config::table
            .order(config::id.desc())
            .select(config::version)
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("config"))?;
        Ok(version.map_or(0, i64::from))
    }

    async fn change(&self, changes: &[SettingsChange]) -> StoreResult<StoredSettings> {
        self.0
            .transaction("config", async |connection| {
                dialect::lock_table(connection, "config").await?;
                let row: Option<ConfigRow> = config::table
                    .order(config::id.desc())
                    .select(ConfigRow::as_select())
                    .first(connection)
                    .await
                    .optional()?;
                let id = row.as_ref().map(|row| row.id);
                let before = row.map_or_else(|| Ok(nothing_stored()), ConfigRow::into_domain)?;
                let after = StoredSettings {
                    version: before.version + 1,
                    tree: apply_changes(before.tree, changes),
                };
                let data = config::data.eq(&after.tree);
                match id {
                    None => {
                        diesel::insert_into(config::table)
                            .values((data, config::version.eq(1)))
                            .execute(connection)
                            .await?
                    }
                    Some(id) => {
                        let version = config::version.eq(config::version + 1);
                        diesel::update(config::table.find(id))
                            .set((data, version, config::updated_at.eq(diesel::dsl::now)))
                            .execute(connection)
                            .await?
                    }
                };
                Ok(after)
            })
            .await
    }

    async fn clear(&self) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::delete(config::table)
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("config"))
    }
}
