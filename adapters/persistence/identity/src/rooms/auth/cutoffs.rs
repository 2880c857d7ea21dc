use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::auth::{TokenCutoff, TokenCutoffs as TokenCutoffsPort};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::keelson_token_cutoff;

use super::{Database, RunQueryDsl};

/// Cutoffs in the table `keelson_token_cutoff`.
pub(crate) struct TokenCutoffs(Database);

impl TokenCutoffs {
    /// Over this database.
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl TokenCutoffsPort for TokenCutoffs {
    async fn find(&self, user: &UserId) -> StoreResult<Option<TokenCutoff>> {
        let mut connection = self.0.read().await?;
        let found: Option<(i64, Option<String>)> = keelson_token_cutoff::table
            .find(user.as_str())
            .select((keelson_token_cutoff::since, keelson_token_cutoff::kept))
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("keelson_token_cutoff"))?;
        Ok(found.map(|(since, kept)| TokenCutoff {
            since: Timestamp::from_seconds(since),
            kept,
        }))
    }

    async fn set(&self, user: &UserId, cutoff: &TokenCutoff) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        let values = (
            keelson_token_cutoff::since.eq(cutoff.since.seconds()),
            keelson_token_cutoff::kept.eq(cutoff.kept.as_deref()),
        );
        diesel::insert_into(keelson_token_cutoff::table)
            .values((keelson_token_cutoff::user_id.eq(user.as_str()), values))
            .on_conflict(keelson_token_cutoff::user_id)
            .do_update()
            .set(values)
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("keelson_token_cutoff"))
    }
}
