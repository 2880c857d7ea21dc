use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::shared::StoreResult;
use keelson_domain::tag::{Tag, TagRepository, tag_id};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::tag;

use super::row::TagRow;
use super::{Database, RunQueryDsl, dialect};

/// Tags in the table `tag`.
pub(super) struct Tags(Database);

impl Tags {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl TagRepository for Tags {
    async fn list(&self, owner: &UserId) -> StoreResult<Vec<Tag>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<TagRow> = tag::table
            .filter(tag::user_id.eq(owner.as_str()))
            .select(TagRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("tag"))?;
        Ok(rows.into_iter().map(TagRow::into_domain).collect())
    }

    async fn find(&self, owner: &UserId, ids: &[String]) -> StoreResult<Vec<Tag>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<TagRow> = tag::table
            .filter(tag::user_id.eq(owner.as_str()))
            .filter(tag::id.eq_any(ids))
            .order(tag::id.asc())
            .select(TagRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("tag"))?;
        Ok(rows.into_iter().map(TagRow::into_domain).collect())
    }

    async fn ensure(&self, owner: &UserId, names: &[String]) -> StoreResult<()> {
        self.0
            .transaction("tag", async |connection| {
                for name in names {
                    diesel::insert_into(tag::table)
                        .values(TagRow {
                            id: tag_id(name),
                            name: name.clone(),
                            user_id: owner.to_string(),
                            meta: None,
                        })
                        .on_conflict_do_nothing()
                        .execute(connection)
                        .await?;
                }
                Ok(())
            })
            .await
    }

    async fn delete_unused(&self, owner: &UserId, ids: &[String]) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        let unused = tag::table
            .filter(tag::user_id.eq(owner.as_str()))
            .filter(tag::id.eq_any(ids))
            .filter(dialect::tag_is_unused());
        diesel::delete(unused)
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("tag"))
    }
}
