//! Channels: rooms in which people talk.

mod entity;
mod ports;

use crate::shared::TextId;

pub use entity::{Channel, ChannelKind, Unread};
pub use ports::{ChannelMembership, ChannelPorts, ChannelRepository};

/// Identifies a channel.
pub type ChannelId = TextId<Channel>;

impl ChannelId {
    /// The room on the wire that hears the channel's events.
    pub fn room(&self) -> String {
        format!("channel:{self}")
    }
}
