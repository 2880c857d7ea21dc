//! Connected clients: who is signed in, what they receive, what they may send.
//!
//! The socket adapter owns the wire; every rule is here. It passes in a [`Connection`] (one client) and the connection's
//! [`SocketSession`] (who is signed in), and carries out what is asked of the connection.

mod channel;
mod error;
mod join;
mod note;
mod ports;
mod session;
mod token_verifier;
mod usage;

use std::sync::Arc;

use keelson_domain::channel::ChannelMembership;
use keelson_domain::note::NoteReaders;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserActivity;

pub use channel::{ChannelEvent, ChannelSignal};
pub use error::RealtimeError;
pub use ports::RealtimePorts;
pub use session::{Connection, SocketSession};
pub use token_verifier::TokenVerifier;
pub use usage::Usage;

use crate::Ports;
use crate::auth::Authenticator;
use crate::config::Settings;

/// What connected clients may do.
pub struct Realtime {
    dependencies: Dependencies,
}

/// What [`Realtime`] needs.
pub struct Dependencies {
    /// Verifies tokens.
    pub tokens: Arc<dyn TokenVerifier>,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Events to connected clients.
    pub events: Arc<dyn EventBus>,
    /// Who is connected.
    pub presence: Arc<dyn Presence>,
    /// Who is in which channel.
    pub channels: Arc<dyn ChannelMembership>,
    /// Who may read which note.
    pub notes: Arc<dyn NoteReaders>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
    /// Whether plain users see how many are active (`ENABLE_PUBLIC_ACTIVE_USERS_COUNT`).
    pub public_user_count: bool,
}

impl Realtime {
    /// Creates the service.
    pub fn new(dependencies: Dependencies) -> Self {
        Self { dependencies }
    }

    /// From the ports it needs; see [`Dependencies::public_user_count`].
    pub fn from_ports(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        settings: Arc<Settings>,
        public_user_count: bool,
    ) -> Self {
        Self::new(Dependencies {
            tokens: authenticator,
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
