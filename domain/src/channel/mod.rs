//! Channels: rooms in which people talk. Today only who hears them; the rest of the room comes later.

mod ports;

pub use ports::ChannelMembership;

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
