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
use keelson_domain::note::NoteHeads;
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
use crate::access::AccessControl;
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
    /// What users may do.
    pub access: Arc<AccessControl>,
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
    /// What access to notes depends on.
    pub notes: Arc<dyn NoteHeads>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
}

impl Realtime {
    /// Creates the service.
    pub fn new(dependencies: Dependencies) -> Self {
        Self { dependencies }
    }

    /// From the ports it needs.
    pub fn from_ports(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
    ) -> Self {
        Self::new(Dependencies {
            tokens: authenticator,
            access,
            settings,
            clock: ports.clock.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            channels: ports.workspace.channel.membership.clone(),
            notes: ports.workspace.note.heads.clone(),
            activity: ports.identity.user.activity.clone(),
        })
    }
}
