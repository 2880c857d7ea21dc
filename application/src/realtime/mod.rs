//! Open pages: who sits behind them, what they hear, what they may say.
//!
//! The socket adapter owns the wire; every rule is here. It hands in a [`Connection`] (one open page) and the
//! page's [`Seat`] (who sits there), and carries out what is asked of the connection.

mod channel;
mod connection;
mod door;
mod error;
mod join;
mod note;
mod ports;
mod usage;

use std::sync::Arc;

use keelson_domain::channel::ChannelMembership;
use keelson_domain::note::NoteReaders;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserActivity;

pub use channel::{ChannelEvent, ChannelSignal};
pub use connection::{Connection, Seat};
pub use door::Doorkeeper;
pub use error::RealtimeError;
pub use ports::RealtimePorts;
pub use usage::Usage;

use crate::Ports;
use crate::auth::Authenticator;
use crate::config::Settings;

/// What open pages may do.
pub struct Realtime {
    parts: Parts,
}

/// What [`Realtime`] is made of.
pub struct Parts {
    /// Who is behind a token.
    pub door: Arc<dyn Doorkeeper>,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The way out to pages.
    pub events: Arc<dyn EventBus>,
    /// Who has pages open.
    pub presence: Arc<dyn Presence>,
    /// Who hears which channel.
    pub channels: Arc<dyn ChannelMembership>,
    /// Who may read which note.
    pub notes: Arc<dyn NoteReaders>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
    /// Whether plain users see how many are active (`ENABLE_PUBLIC_ACTIVE_USERS_COUNT`).
    pub public_user_count: bool,
}

impl Realtime {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// From the ports it needs; see [`Parts::public_user_count`].
    pub fn from_ports(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        settings: Arc<Settings>,
        public_user_count: bool,
    ) -> Self {
        Self::new(Parts {
            door: authenticator,
            settings,
            clock: ports.clock.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            channels: ports.channel.membership.clone(),
            notes: ports.note.readers.clone(),
            activity: ports.user.activity.clone(),
            public_user_count,
        })
    }
}
