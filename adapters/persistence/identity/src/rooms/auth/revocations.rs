use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::auth::RevocationLog as RevocationLogPort;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::keelson_revocation;

use super::{Database, RunQueryDsl};

/// Revoked tokens in the table `keelson_revocation`.
pub(crate) struct RevocationLog(Database);

impl RevocationLog {
    /// Over this database.
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl RevocationLogPort for RevocationLog {
    async fn add(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::insert_into(keelson_revocation::table)
            .values((
                keelson_revocation::token_id.eq(token_id),
                keelson_revocation::expires_at.eq(until.map(Timestamp::seconds)),
            ))
            .on_conflict_do_nothing()
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("keelson_revocation"))
    }

    async fn load(&self, now: Timestamp) -> StoreResult<Vec<(String, Option<Timestamp>)>> {
        let mut connection = self.0.write().await?;
        diesel::delete(keelson_revocation::table.filter(keelson_revocation::expires_at.le(now.seconds())))
            .execute(&mut connection)
            .await
            .map_err(failed("keelson_revocation"))?;
        let rows: Vec<(String, Option<i64>)> = keelson_revocation::table
            .select((keelson_revocation::token_id, keelson_revocation::expires_at))
            .load(&mut connection)
            .await
            .map_err(failed("keelson_revocation"))?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(id, until)| (id, until.map(Timestamp::from_seconds)))
            .collect())
    }
}
