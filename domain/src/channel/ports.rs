use std::sync::Arc;

use async_trait::async_trait;

use super::{Channel, ChannelId, Unread};
use crate::access::Scope;
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// Who is in which channel.
///
/// A user is in a group or direct channel as an active member of it, and in any other when it lies within the user's
/// scope. Archived and deleted channels have nobody in them.
#[async_trait]
pub trait ChannelMembership: Send + Sync {
    /// The channels that a user is in, in no order.
    async fn channels_of(&self, user: &UserId, scope: &Scope) -> StoreResult<Vec<ChannelId>>;
    /// Whether a user is in this channel; false for one that does not exist.
    async fn is_in(&self, user: &UserId, scope: &Scope, channel: &ChannelId) -> StoreResult<bool>;
    /// Stores how far a member has read; nothing happens for those who are not listed as members.
    async fn mark_read(&self, user: &UserId, channel: &ChannelId, at: Timestamp) -> StoreResult<()>;
}

/// Keeps channels.
#[async_trait]
pub trait ChannelRepository: Send + Sync {
    /// The channels that a user is in, as [`ChannelMembership`] says it, oldest first.
    async fn of_user(&self, user: &UserId, scope: &Scope) -> StoreResult<Vec<Channel>>;
    /// All channels that are neither archived nor deleted, oldest first.
    async fn all(&self) -> StoreResult<Vec<Channel>>;
    /// The unread messages of a user in each of these channels, in their order. Two queries, however many channels.
    async fn unread(&self, user: &UserId, channels: &[ChannelId]) -> StoreResult<Vec<Unread>>;
    /// Everybody who was ever listed as a member of these channels: pairs, in the order in which they came. One query.
    async fn members(&self, channels: &[ChannelId]) -> StoreResult<Vec<(ChannelId, UserId)>>;
}

/// The ports of channels.
#[derive(Clone)]
pub struct ChannelPorts {
    /// Channels.
    pub repository: Arc<dyn ChannelRepository>,
    /// Who is in which channel.
    pub membership: Arc<dyn ChannelMembership>,
}
