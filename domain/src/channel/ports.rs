use async_trait::async_trait;

use super::{Channel, ChannelId, Unread};
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// Who hears which channel.
///
/// A group or direct channel is heard by its active members; any other by its owner, by everyone if it has
/// no access control, else by the users and groups that may read it. Archived and deleted ones are silent.
#[async_trait]
pub trait ChannelMembership: Send + Sync {
    /// The channels that the user hears, in no order.
    async fn channels_of(&self, user: &UserId) -> StoreResult<Vec<ChannelId>>;
    /// Whether the user hears this channel; false for one that does not exist.
    async fn hears(&self, user: &UserId, channel: &ChannelId) -> StoreResult<bool>;
    /// Stores how far a member has read; nothing happens for those who are not listed as members.
    async fn mark_read(&self, user: &UserId, channel: &ChannelId, at: Timestamp) -> StoreResult<()>;
}

/// Keeps channels.
#[async_trait]
pub trait ChannelRepository: Send + Sync {
    /// The channels that a user hears, as [`ChannelMembership`] says it, oldest first.
    async fn of_user(&self, user: &UserId) -> StoreResult<Vec<Channel>>;
    /// All channels that are neither archived nor deleted, oldest first.
    async fn all(&self) -> StoreResult<Vec<Channel>>;
    /// What waits for a user in each of these channels, in their order.
    async fn unread(&self, user: &UserId, channels: &[ChannelId]) -> StoreResult<Vec<Unread>>;
    /// Everybody who was ever listed as a member of a channel, in the order in which they came.
    async fn members(&self, channel: &ChannelId) -> StoreResult<Vec<UserId>>;
}
