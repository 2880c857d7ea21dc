use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::channel::{Channel, ChannelId, ChannelMembership, ChannelRepository, Unread};
use keelson_domain::group::GroupId;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{channel, channel_member, group_member, message};

use super::Database;
use crate::rows::channel::ChannelRow;

/// Channels in `channel`, `channel_member` and `message`.
pub struct Channels(Database);

impl Channels {
    /// Over this database.
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ChannelRepository for Channels {
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Channel>> {
        let all = self.all().await?;
        let mut connection = self.0.read().await?;
        let member_of: Vec<String> = channel_member::table
            .filter(channel_member::user_id.eq(user.as_str()))
            .filter(channel_member::is_active.eq(true))
            .select(channel_member::channel_id)
            .load(&mut connection)
            .await
            .map_err(failed("channel_member"))?;
        let groups: Vec<String> = group_member::table
            .filter(group_member::user_id.eq(user.as_str()))
            .select(group_member::group_id)
            .load(&mut connection)
            .await
            .map_err(failed("group_member"))?;
        let groups: Vec<GroupId> = groups.into_iter().map(GroupId::new).collect();
        let hears = |channel: &Channel| {
            channel.open_to(user, &groups)
                || channel.kind().has_members() && member_of.iter().any(|id| id == channel.id.as_str())
        };
        Ok(all.into_iter().filter(hears).collect())
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
        rows.into_iter().map(ChannelRow::into_domain).collect()
    }

    async fn unread(&self, user: &UserId, channels: &[ChannelId]) -> StoreResult<Vec<Unread>> {
        let mut connection = self.0.read().await?;
        let mut waiting = Vec::with_capacity(channels.len());
        for id in channels {
            let last: Option<Option<i64>> = message::table
                .filter(message::channel_id.eq(id.as_str()))
                .order(message::created_at.desc())
                .select(message::created_at)
                .first(&mut connection)
                .await
                .optional()
                .map_err(failed("message"))?;
            let read: Option<Option<i64>> = channel_member::table
                .filter(channel_member::channel_id.eq(id.as_str()))
                .filter(channel_member::user_id.eq(user.as_str()))
                .select(channel_member::last_read_at)
                .first(&mut connection)
                .await
                .optional()
                .map_err(failed("channel_member"))?;
            let count = match read {
                Some(read) => message::table
                    .filter(message::channel_id.eq(id.as_str()))
                    .filter(message::parent_id.is_null())
                    .filter(message::user_id.ne(user.as_str()))
                    .filter(message::created_at.gt(read.unwrap_or(0)))
                    .count()
                    .get_result(&mut connection)
                    .await
                    .map_err(failed("message"))?,
                None => 0,
            };
            waiting.push(Unread {
                count,
                last_message_at: last.flatten().map(Timestamp::from_nanos),
            });
        }
        Ok(waiting)
    }

    async fn members(&self, id: &ChannelId) -> StoreResult<Vec<UserId>> {
        let mut connection = self.0.read().await?;
        let members: Vec<String> = channel_member::table
            .filter(channel_member::channel_id.eq(id.as_str()))
            .order(channel_member::joined_at.asc())
            .select(channel_member::user_id)
            .load(&mut connection)
            .await
            .map_err(failed("channel_member"))?;
        Ok(members.into_iter().map(UserId::from).collect())
    }
}

#[async_trait]
impl ChannelMembership for Channels {
    async fn channels_of(&self, user: &UserId) -> StoreResult<Vec<ChannelId>> {
        let channels = self.of_user(user).await?;
        Ok(channels.into_iter().map(|channel| channel.id).collect())
    }

    async fn hears(&self, user: &UserId, id: &ChannelId) -> StoreResult<bool> {
        Ok(self.channels_of(user).await?.contains(id))
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
