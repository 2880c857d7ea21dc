use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use keelson_domain::channel::{Channel, ChannelId, ChannelMembership, ChannelRepository, Unread};
use keelson_domain::group::GroupId;
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{self, channel, channel_member, group_member, message};
use serde_json::Value;

use crate::shared_rows::some;

/// A row of `channel`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::channel)]
struct ChannelRow {
    id: String,
    user_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    kind: Option<String>,
    is_private: Option<bool>,
    data: Option<Value>,
    meta: Option<Value>,
    access_control: Option<Value>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    updated_by: Option<String>,
    archived_at: Option<i64>,
    archived_by: Option<String>,
    deleted_at: Option<i64>,
    deleted_by: Option<String>,
}

impl From<ChannelRow> for Channel {
    fn from(row: ChannelRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.unwrap_or_default().into(),
            name: row.name.unwrap_or_default(),
            description: row.description,
            stored_kind: row.kind,
            is_private: row.is_private,
            data: some(row.data),
            meta: some(row.meta),
            access_control: some(row.access_control),
            created_at: Timestamp::from_nanos(row.created_at.unwrap_or_default()),
            updated_at: Timestamp::from_nanos(row.updated_at.unwrap_or_default()),
            updated_by: row.updated_by,
            archived_at: row.archived_at.map(Timestamp::from_nanos),
            archived_by: row.archived_by,
            deleted_at: row.deleted_at.map(Timestamp::from_nanos),
            deleted_by: row.deleted_by,
        }
    }
}

macro_rules! channel_rows {
    ($name:ident, $db:ty, $dialect:ident) => {
        /// Channels in `channel`, `channel_member` and `message`.
        pub struct $name(pub $db);

        #[async_trait]
        impl ChannelRepository for $name {
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
                        || channel.kind().has_members()
                            && member_of.iter().any(|id| id == channel.id.as_str())
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
                Ok(rows.into_iter().map(Channel::from).collect())
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
        impl ChannelMembership for $name {
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
    };
}

keelson_persistence_kit::repositories!(channel_rows, SqliteChannels, PgChannels);
