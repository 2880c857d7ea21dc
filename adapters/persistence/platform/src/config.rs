use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use keelson_domain::config::{SettingsChange, SettingsStore, StoredSettings, apply_changes};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::config;
use serde_json::{Value, json};

macro_rules! settings_rows {
    ($name:ident, $db:ty, $transaction:ident) => {
        /// The settings tree in the newest row of the table `config`.
        pub struct $name(pub $db);

        #[async_trait]
        impl SettingsStore for $name {
            async fn load(&self) -> StoreResult<StoredSettings> {
                let mut connection = self.0.read().await?;
                let row: Option<(Value, i32)> = config::table
                    .order(config::id.desc())
                    .select((config::data, config::version))
                    .first(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("config"))?;
                Ok(stored(row))
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
                let mut connection = self.0.write().await?;
                connection
                    .$transaction(async |connection| {
                        lock::$transaction(connection).await?;
                        let row: Option<(i32, Value, i32)> = config::table
                            .order(config::id.desc())
                            .select((config::id, config::data, config::version))
                            .first(connection)
                            .await
                            .optional()?;
                        let (id, tree, version) = row.unwrap_or((0, json!({}), 0));
                        let tree = apply_changes(tree, changes);
                        let version = version + 1;
                        if id == 0 {
                            diesel::insert_into(config::table)
                                .values((config::data.eq(&tree), config::version.eq(version)))
                                .execute(connection)
                                .await?;
                        } else {
                            diesel::update(config::table.find(id))
                                .set((
                                    config::data.eq(&tree),
                                    config::version.eq(version),
                                    config::updated_at.eq(diesel::dsl::now),
                                ))
                                .execute(connection)
                                .await?;
                        }
                        Ok(StoredSettings {
                            version: i64::from(version),
                            tree,
                        })
                    })
                    .await
                    .map_err(failed("config"))
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
    };
}

fn stored(row: Option<(Value, i32)>) -> StoredSettings {
    match row {
        Some((tree, version)) => StoredSettings {
            version: i64::from(version),
            tree,
        },
        None => StoredSettings {
            version: 0,
            tree: json!({}),
        },
    }
}

/// Keeps other writers of settings out until the transaction ends, also when there is no row to lock yet.
mod lock {
    use diesel::QueryResult;

    #[cfg(feature = "sqlite")]
    pub(super) async fn immediate_transaction(
        _: &mut keelson_persistence_kit::SqliteConnectionAsync,
    ) -> QueryResult<()> {
        // The transaction holds the file's only write lock already.
        Ok(())
    }

    #[cfg(feature = "postgres")]
    pub(super) async fn transaction(connection: &mut diesel_async::AsyncPgConnection) -> QueryResult<()> {
        use diesel_async::RunQueryDsl;
        diesel::sql_query("LOCK TABLE config IN SHARE ROW EXCLUSIVE MODE")
            .execute(connection)
            .await
            .map(drop)
    }
}

#[cfg(feature = "sqlite")]
settings_rows!(
    SqliteSettings,
    keelson_persistence_kit::SqliteDb,
    immediate_transaction
);
#[cfg(feature = "postgres")]
settings_rows!(PgSettings, keelson_persistence_kit::PgDb, transaction);
