//! Channels in the tables `channel`, `channel_member` and `message`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::channel::ChannelPorts;

use super::{Backend, Database, RunQueryDsl, dialect};
use repository::Channels;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> ChannelPorts {
    let channels = Arc::new(Channels::new(database.clone()));
    ChannelPorts {
        repository: channels.clone(),
        membership: channels,
    }
}
