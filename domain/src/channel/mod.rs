//! Channels: rooms in which people talk.

mod entity;
mod ports;

pub use entity::{Channel, ChannelKind, Unread};
pub use ports::{ChannelMembership, ChannelRepository};

crate::text_id! {
    /// Identifies a channel.
    ChannelId
}

impl ChannelId {
    /// The room on the wire that hears the channel's events.
    pub fn room(&self) -> String {
        format!("channel:{self}")
    }
}
