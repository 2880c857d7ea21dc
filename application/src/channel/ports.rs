use std::sync::Arc;

use keelson_domain::channel::{ChannelMembership, ChannelRepository};

/// The ports of channels.
#[derive(Clone)]
pub struct ChannelPorts {
    /// Channels.
    pub repository: Arc<dyn ChannelRepository>,
    /// Who is in which channel.
    pub membership: Arc<dyn ChannelMembership>,
}
