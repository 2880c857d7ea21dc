use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::auth::ApiKeyRepository;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::api_key;

use super::{Database, RunQueryDsl};

/// API keys in the table `api_key`.
pub(crate) struct ApiKeys(Database);

impl ApiKeys {
    /// Over this database.
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ApiKeyRepository for ApiKeys {
    async fn owner(&self, key: &str, now: Timestamp) -> StoreResult<Option<UserId>> {
        let mut connection = self.0.read().await?;
        let valid = api_key::expires_at
            .is_null()
            .or(api_key::expires_at.gt(now.seconds()));
        let owner: Option<Option<String>> = api_key::table
            .filter(api_key::key.eq(key))
            .filter(valid)
            .select(api_key::user_id)
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("api_key"))?;
        Ok(owner.flatten().map(UserId::new))
    }

    async fn find(&self, user: &UserId) -> StoreResult<Option<String>> {
        let mut connection = self.0.read().await?;
        api_key::table
            .filter(api_key::user_id.eq(user.as_str()))
            .select(api_key::key)
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("api_key"))
    }

    async fn replace(&self, user: &UserId, key: &str, now: Timestamp) -> StoreResult<()> {
        self.0
            .transaction("api_key", async |connection| {
                diesel::delete(api_key::table.filter(api_key::user_id.eq(user.as_str())))
                    .execute(connection)
                    .await?;
                diesel::insert_into(api_key::table)
                    .values((
                        api_key::id.eq(format!("key_{user}")),
                        api_key::user_id.eq(user.as_str()),
                        api_key::key.eq(key),
                        api_key::created_at.eq(now.seconds()),
                        api_key::updated_at.eq(now.seconds()),
                    ))
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }

    async fn delete(&self, user: &UserId) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::delete(api_key::table.filter(api_key::user_id.eq(user.as_str())))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("api_key"))
    }
}
