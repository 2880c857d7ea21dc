use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::group::{Group, GroupChange, GroupId, GroupRepository};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{group, group_member};

use super::row::GroupRow;
use super::{Database, RunQueryDsl};

/// Groups as admins manage them, in `group` and `group_member`.
pub(super) struct Groups(Database);

impl Groups {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl GroupRepository for Groups {
    async fn list(&self) -> StoreResult<Vec<(Group, i64)>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<GroupRow> = group::table
            .order(group::updated_at.desc())
            .select(GroupRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("group"))?;
        let counts: Vec<(String, i64)> = group_member::table
            .group_by(group_member::group_id)
            .select((group_member::group_id, diesel::dsl::count_star()))
            .load(&mut connection)
            .await
            .map_err(failed("group_member"))?;
        let counts: HashMap<_, _> = counts.into_iter().collect();
        let counted = |row: GroupRow| {
            let group = row.into_domain();
            let count = counts.get(group.id.as_str()).copied().unwrap_or(0);
            (group, count)
        };
        Ok(rows.into_iter().map(counted).collect())
    }

    async fn find(&self, id: &GroupId) -> StoreResult<Option<(Group, i64)>> {
        let mut connection = self.0.read().await?;
        let row: Option<GroupRow> = group::table
            .filter(group::id.eq(id.as_str()))
            .select(GroupRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("group"))?;
        let count: i64 = group_member::table
            .filter(group_member::group_id.eq(id.as_str()))
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("group_member"))?;
        Ok(row.map(|row| (row.into_domain(), count)))
    }

    async fn create(&self, new: &Group) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        diesel::insert_into(group::table)
            .values((
                group::id.eq(new.id.as_str()),
                group::user_id.eq(new.owner.as_str()),
                group::name.eq(&new.name),
                group::description.eq(&new.description),
                group::data.eq(&new.data),
                group::meta.eq(&new.meta),
                group::permissions.eq(&new.permissions),
                group::created_at.eq(new.created_at.seconds()),
                group::updated_at.eq(new.updated_at.seconds()),
            ))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("group"))
    }

    async fn update(&self, id: &GroupId, change: &GroupChange, now: Timestamp) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        let changed = diesel::update(group::table.filter(group::id.eq(id.as_str())))
            .set((
                group::name.eq(&change.name),
                group::description.eq(&change.description),
                change
                    .permissions
                    .as_ref()
                    .map(|value| group::permissions.eq(value)),
                change.data.as_ref().map(|value| group::data.eq(value)),
                group::updated_at.eq(now.seconds()),
            ))
            .execute(&mut connection)
            .await
            .map_err(failed("group"))?;
        Ok(changed > 0)
    }

    async fn delete(&self, id: &GroupId) -> StoreResult<()> {
        self.0
            .transaction("group", async |connection| {
                let members = group_member::table.filter(group_member::group_id.eq(id.as_str()));
                diesel::delete(members).execute(connection).await?;
                diesel::delete(group::table.filter(group::id.eq(id.as_str())))
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }
}
