//! Channels: rooms in which people talk.

mod error;
mod list;

use std::sync::Arc;

use keelson_domain::channel::ChannelRepository;

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;
use crate::user::Users;

pub use error::ChannelError;
pub use list::{ChannelMember, ListedChannel};

/// The use cases of the room.
pub struct Channels {
    repository: Arc<dyn ChannelRepository>,
    users: Arc<Users>,
    access: Arc<AccessControl>,
    settings: Arc<Settings>,
}

impl Channels {
    /// From the ports and services it needs.
    pub fn new(
        ports: &Ports,
        users: Arc<Users>,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            repository: ports.workspace.channel.repository.clone(),
            users,
            access,
            settings,
        }
    }
}
