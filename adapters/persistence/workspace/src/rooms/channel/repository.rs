use std::collections::HashMap;

use async_trait::async_trait;
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::channel::{Channel, ChannelId, ChannelMembership, ChannelRepository, Unread};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{channel, channel_member, message};

use super::row::ChannelRow;
use super::{Backend, Database, RunQueryDsl, dialect};

/// Channels in `channel`, `channel_member` and `message`.
pub(super) struct Channels(Database);

impl Channels {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// The channels that a user is in.
fn joined<'q>(user: &'q UserId, scope: &Scope) -> channel::BoxedQuery<'q, Backend> {
    let member_of = channel_member::table
        .filter(channel_member::user_id.eq(user.as_str()))
        .filter(channel_member::is_active.eq(true))
        .select(channel_member::channel_id);
    // A channel without a type is a standard one.
    let has_members = channel::kind
        .is_not_null()
        .and(channel::kind.eq_any(["group", "dm"]));
    let is_standard = channel::kind.is_null().or(channel::kind.ne_all(["group", "dm"]));
    channel::table
        .filter(channel::archived_at.is_null())
        .filter(channel::deleted_at.is_null())
        .filter(
            has_members
                .and(channel::id.eq_any(member_of))
                .or(is_standard.and(dialect::is_within(scope, "channel"))),
        )
        .into_boxed()
}

#[async_trait]
impl ChannelRepository for Channels {
    async fn of_user(&self, user: &UserId, scope: &Scope) -> StoreResult<Vec<Channel>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ChannelRow> = joined(user, scope)
            .order(channel::created_at.asc())
            .select(ChannelRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("channel"))?;
        Ok(rows.into_iter().map(ChannelRow::into_domain).collect())
    }

    async fn all(&self) -> StoreResult<Vec<Channel>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ChannelRow> = channel::table
            .filter(channel::archived_at.is_null())
            .filter(channel::deleted_at.is_null())
            .order(channel::created_at.asc())
            .select(ChannelRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("channel"))?;
        Ok(rows.into_iter().map(ChannelRow::into_domain).collect())
    }

    async fn unread(&self, user: &UserId, channels: &[ChannelId]) -> StoreResult<Vec<Unread>> {
        let mut connection = self.0.read().await?;
        let ids: Vec<&str> = channels.iter().map(ChannelId::as_str).collect();
        let last: Vec<(Option<String>, Option<i64>)> = message::table
            .filter(message::channel_id.eq_any(&ids))
            .group_by(message::channel_id)
            .select((message::channel_id, max(message::created_at)))
            .load(&mut connection)
            .await
            .map_err(failed("message"))?;
        let after_read =
            message::created_at
                .gt(channel_member::last_read_at)
                .or(channel_member::last_read_at
                    .is_null()
                    .and(message::created_at.gt(0)));
        let counts: Vec<(Option<String>, i64)> = message::table
            .inner_join(
                channel_member::table.on(message::channel_id.eq(channel_member::channel_id.nullable())),
            )
            .filter(channel_member::user_id.eq(user.as_str()))
            .filter(message::channel_id.eq_any(&ids))
            .filter(message::parent_id.is_null())
            .filter(message::user_id.ne(user.as_str()))
            .filter(after_read)
            .group_by(message::channel_id)
            .select((message::channel_id, count_star()))
            .load(&mut connection)
            .await
            .map_err(failed("message"))?;
        let last: HashMap<Option<String>, Option<i64>> = last.into_iter().collect();
        let counts: HashMap<Option<String>, i64> = counts.into_iter().collect();
        let unread = channels.iter().map(|id| {
            let id = Some(id.to_string());
            Unread {
                count: counts.get(&id).copied().unwrap_or(0),
                last_message_at: last.get(&id).copied().flatten().map(Timestamp::from_nanos),
            }
        });
        Ok(unread.collect())
    }

    async fn members(&self, channels: &[ChannelId]) -> StoreResult<Vec<(ChannelId, UserId)>> {
        let mut connection = self.0.read().await?;
        let members: Vec<(String, String)> = channel_member::table
            .filter(channel_member::channel_id.eq_any(channels.iter().map(ChannelId::as_str)))
            .order(channel_member::joined_at.asc())
            .select((channel_member::channel_id, channel_member::user_id))
            .load(&mut connection)
            .await
            .map_err(failed("channel_member"))?;
        let members = members.into_iter();
        Ok(members
            .map(|(channel, user)| (channel.into(), user.into()))
            .collect())
    }
}

#[async_trait]
impl ChannelMembership for Channels {
    async fn channels_of(&self, user: &UserId, scope: &Scope) -> StoreResult<Vec<ChannelId>> {
        let mut connection = self.0.read().await?;
        let ids: Vec<String> = joined(user, scope)
            .select(channel::id)
            .load(&mut connection)
            .await
            .map_err(failed("channel"))?;
        Ok(ids.into_iter().map(ChannelId::from).collect())
    }

    async fn is_in(&self, user: &UserId, scope: &Scope, id: &ChannelId) -> StoreResult<bool> {
        let mut connection = self.0.read().await?;
        let found: i64 = joined(user, scope)
            .filter(channel::id.eq(id.as_str()))
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("channel"))?;
        Ok(found > 0)
    }

    async fn mark_read(&self, user: &UserId, id: &ChannelId, at: Timestamp) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        let member = channel_member::table
            .filter(channel_member::channel_id.eq(id.as_str()))
            .filter(channel_member::user_id.eq(user.as_str()));
        diesel::update(member)
            .set(channel_member::last_read_at.eq(at.nanos()))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("channel_member"))
    }
}
