use keelson_application::channel::{ChannelMember, ListedChannel};
use keelson_domain::channel::Channel;
use poem_openapi::Object;

use crate::access::AccessRulesColumn;
use crate::json::{Column, Free, Nullable};

/// What clients keep with the channel, such as its files.
pub(super) struct ChannelData;

impl Column for ChannelData {
    const NAME: &'static str = "ChannelData";
    const DESCRIPTION: &'static str = "What clients keep with the channel, such as its files";
}

/// How clients show the channel.
pub(super) struct ChannelMeta;

impl Column for ChannelMeta {
    const NAME: &'static str = "ChannelMeta";
    const DESCRIPTION: &'static str = "How clients show the channel; nothing here reads it";
}

/// A channel.
#[derive(Object)]
#[oai(rename = "Channel")]
pub(super) struct ChannelDto {
    /// Identity.
    id: String,
    /// Who made it.
    user_id: String,
    /// `group`, `dm`, or null or anything else for a standard channel.
    #[oai(rename = "type")]
    kind: Nullable<String>,
    /// Name.
    name: String,
    /// What it is for.
    description: Nullable<String>,
    /// Whether it is hidden from those who are not in it.
    is_private: Nullable<bool>,
    data: Nullable<Free<ChannelData>>,
    meta: Nullable<Free<ChannelMeta>>,
    access_control: Nullable<Free<AccessRulesColumn>>,
    /// When it was made, in nanoseconds since 1970.
    created_at: i64,
    /// When it was last changed, in nanoseconds since 1970.
    updated_at: i64,
    /// Who changed it last.
    updated_by: Nullable<String>,
    /// When it was archived, in nanoseconds since 1970.
    archived_at: Nullable<i64>,
    /// Who archived it.
    archived_by: Nullable<String>,
    /// When it was deleted, in nanoseconds since 1970.
    deleted_at: Nullable<i64>,
    /// Who deleted it.
    deleted_by: Nullable<String>,
}

impl From<Channel> for ChannelDto {
    fn from(channel: Channel) -> Self {
        Self {
            id: channel.id.into_string(),
            user_id: channel.owner.into_string(),
            kind: channel.stored_kind.into(),
            name: channel.name,
            description: channel.description.into(),
            is_private: channel.is_private.into(),
            data: channel.data.map(Free::from).into(),
            meta: channel.meta.map(Free::from).into(),
            access_control: channel.access_control.map(Free::from).into(),
            created_at: channel.created_at.nanos(),
            updated_at: channel.updated_at.nanos(),
            updated_by: channel.updated_by.into(),
            archived_at: channel.archived_at.map(|at| at.nanos()).into(),
            archived_by: channel.archived_by.into(),
            deleted_at: channel.deleted_at.map(|at| at.nanos()).into(),
            deleted_by: channel.deleted_by.into(),
        }
    }
}

/// A member of a direct channel.
#[derive(Object)]
#[oai(rename = "ChannelMember")]
pub(super) struct ChannelMemberDto {
    /// Identity.
    id: String,
    /// Display name.
    name: String,
    /// Whether they are active now.
    is_active: bool,
    /// Emoji of the status line.
    status_emoji: Nullable<String>,
    /// Text of the status line.
    status_message: Nullable<String>,
    /// When the status line ends, in seconds since 1970.
    status_expires_at: Nullable<i64>,
}

impl From<ChannelMember> for ChannelMemberDto {
    fn from(member: ChannelMember) -> Self {
        let user = member.user;
        Self {
            id: user.id.into_string(),
            name: user.name,
            is_active: member.is_active,
            status_emoji: user.status_emoji.into(),
            status_message: user.status_message.into(),
            status_expires_at: user.status_expires_at.into(),
        }
    }
}

/// A channel with its unread messages.
#[derive(Object)]
#[oai(rename = "ListedChannel")]
pub(super) struct ListedChannelDto {
    #[oai(flatten)]
    channel: ChannelDto,
    /// The ids of its members, for a direct channel.
    user_ids: Nullable<Vec<String>>,
    /// Its members, for a direct channel.
    users: Nullable<Vec<ChannelMemberDto>>,
    /// When the last message came, in nanoseconds since 1970.
    last_message_at: Nullable<i64>,
    /// How many messages of others the caller has not read.
    unread_count: i64,
}

impl From<ListedChannel> for ListedChannelDto {
    fn from(listed: ListedChannel) -> Self {
        let ids = listed.members.as_ref().map(|members| {
            let ids = members.iter().map(|member| member.user.id.to_string());
            ids.collect::<Vec<_>>()
        });
        let users = listed.members.map(|members| {
            let users = members.into_iter().map(ChannelMemberDto::from);
            users.collect::<Vec<_>>()
        });
        Self {
            channel: listed.channel.into(),
            user_ids: ids.into(),
            users: users.into(),
            last_message_at: listed.unread.last_message_at.map(|at| at.nanos()).into(),
            unread_count: listed.unread.count,
        }
    }
}
