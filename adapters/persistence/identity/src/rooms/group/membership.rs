use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::group::{Group, GroupId, GroupMembership};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{group, group_member};

use super::row::GroupRow;
use super::{Database, RunQueryDsl};

/// Groups in `group` and `group_member`.
pub(super) struct GroupMembers(Database);

impl GroupMembers {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl GroupMembership for GroupMembers {
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Group>> {
        let mut connection = self.0.read().await?;
        let mine = group_member::table
            .filter(group_member::user_id.eq(user.as_str()))
            .select(group_member::group_id);
        let rows: Vec<GroupRow> = group::table
            .filter(group::id.eq_any(mine))
            .order(group::updated_at.desc())
            .select(GroupRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("group"))?;
        Ok(rows.into_iter().map(GroupRow::into_domain).collect())
    }

    async fn of_users(&self, users: &[UserId]) -> StoreResult<HashMap<UserId, Vec<GroupId>>> {
        let mut connection = self.0.read().await?;
        let memberships: Vec<(String, String)> = group_member::table
            .inner_join(group::table.on(group::id.eq(group_member::group_id)))
            .filter(group_member::user_id.eq_any(users.iter().map(UserId::as_str)))
            .order(group::updated_at.desc())
            .select((group_member::user_id, group_member::group_id))
            .load(&mut connection)
            .await
            .map_err(failed("group_member"))?;
        let mut groups: HashMap<UserId, Vec<GroupId>> = HashMap::new();
        for (user, group) in memberships {
            groups
                .entry(UserId::new(user))
                .or_default()
                .push(GroupId::new(group));
        }
        Ok(groups)
    }

    async fn add_member(&self, id: &GroupId, user: &UserId, row: &str, now: Timestamp) -> StoreResult<bool> {
        self.0
            .transaction("group_member", async |connection| {
                let known: i64 = group::table
                    .filter(group::id.eq(id.as_str()))
                    .count()
                    .get_result(connection)
                    .await?;
                if known == 0 {
                    return Ok(false);
                }
                diesel::insert_into(group_member::table)
                    .values((
                        group_member::id.eq(row),
                        group_member::group_id.eq(id.as_str()),
                        group_member::user_id.eq(user.as_str()),
                        group_member::created_at.eq(now.seconds()),
                        group_member::updated_at.eq(now.seconds()),
                    ))
                    .on_conflict((group_member::group_id, group_member::user_id))
                    .do_nothing()
                    .execute(connection)
                    .await?;
                Ok(true)
            })
            .await
    }

    async fn set_groups_by_name(&self, user: &UserId, names: &[String], now: Timestamp) -> StoreResult<()> {
        self.0
            .transaction("group_member", async |connection| {
                let wanted: Vec<String> = group::table
                    .filter(group::name.eq_any(names.iter().map(String::as_str)))
                    .select(group::id)
                    .load(connection)
                    .await?;
                let mine = group_member::table.filter(group_member::user_id.eq(user.as_str()));
                diesel::delete(mine.filter(group_member::group_id.ne_all(&wanted)))
                    .execute(connection)
                    .await?;
                for id in &wanted {
                    diesel::insert_into(group_member::table)
                        .values((
                            group_member::id.eq(format!("{id}-{user}")),
                            group_member::group_id.eq(id),
                            group_member::user_id.eq(user.as_str()),
                            group_member::created_at.eq(now.seconds()),
                            group_member::updated_at.eq(now.seconds()),
                        ))
                        .on_conflict((group_member::group_id, group_member::user_id))
                        .do_nothing()
                        .execute(connection)
                        .await?;
                }
                Ok(())
            })
            .await
    }

    async fn members(&self, id: &GroupId) -> StoreResult<Vec<UserId>> {
        let mut connection = self.0.read().await?;
        let ids: Vec<String> = group_member::table
            .filter(group_member::group_id.eq(id.as_str()))
            .order(group_member::created_at.asc())
            .select(group_member::user_id)
            .load(&mut connection)
            .await
            .map_err(failed("group_member"))?;
        Ok(ids.into_iter().map(UserId::from).collect())
    }

    async fn remove_members(&self, id: &GroupId, users: &[UserId]) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        let members = group_member::table
            .filter(group_member::group_id.eq(id.as_str()))
            .filter(group_member::user_id.eq_any(users.iter().map(UserId::as_str)));
        diesel::delete(members)
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("group_member"))
    }
}
