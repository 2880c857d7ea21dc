use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::{AsyncConnection, RunQueryDsl};
use keelson_domain::shared::StoreResult;
use keelson_domain::tag::{Tag, TagRepository, tag_id};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::tag;

use crate::rows::TagRow;

/// Whether no chat of the tag's owner bears it.
pub(crate) mod unused {
    #[cfg(feature = "sqlite")]
    pub(crate) const SQLITE: &str = "NOT EXISTS (SELECT 1 FROM chat c, json_each(c.meta, '$.tags') t \
         WHERE c.user_id = tag.user_id AND t.value = tag.id)";
    #[cfg(feature = "postgres")]
    pub(crate) const POSTGRES: &str = concat!(
        "NOT EXISTS (SELECT 1 FROM chat c, jsonb_array_elements_text(jsonb_path_query_array(",
        crate::json::clean!("c.meta"),
        ", '$.tags[*]')) t WHERE c.user_id = tag.user_id AND t = tag.id)"
    );
}

macro_rules! tag_rows {
    ($name:ident, $db:ty, $transaction:ident, $unused:ident) => {
        /// Tags in the table `tag`.
        pub struct $name(pub $db);

        #[async_trait]
        impl TagRepository for $name {
            async fn list(&self, owner: &UserId) -> StoreResult<Vec<Tag>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<TagRow> = tag::table
                    .filter(tag::user_id.eq(owner.as_str()))
                    .select(TagRow::as_select())
                    .load(&mut connection)
                    .await
                    .map_err(failed("tag"))?;
                Ok(rows.into_iter().map(Tag::from).collect())
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
                Ok(rows.into_iter().map(Tag::from).collect())
            }

            async fn ensure(&self, owner: &UserId, names: &[String]) -> StoreResult<()> {
                let mut connection = self.0.write().await?;
                connection
                    .$transaction(async |connection| {
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
                    .map_err(failed("tag"))
            }

            async fn delete_unused(&self, owner: &UserId, ids: &[String]) -> StoreResult<()> {
                let mut connection = self.0.write().await?;
                let unused = tag::table
                    .filter(tag::user_id.eq(owner.as_str()))
                    .filter(tag::id.eq_any(ids))
                    .filter(diesel::dsl::sql::<Bool>(unused::$unused));
                diesel::delete(unused)
                    .execute(&mut connection)
                    .await
                    .map(drop)
                    .map_err(failed("tag"))
            }
        }
    };
}

#[cfg(feature = "sqlite")]
tag_rows!(
    SqliteTags,
    keelson_persistence_kit::SqliteDb,
    immediate_transaction,
    SQLITE
);
#[cfg(feature = "postgres")]
tag_rows!(PgTags, keelson_persistence_kit::PgDb, transaction, POSTGRES);
