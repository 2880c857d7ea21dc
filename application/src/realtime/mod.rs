//! Open pages: who sits behind them, what they hear, what they may say.
//!
//! The socket adapter owns the wire; every rule is here. It hands in a [`Connection`] (one open page) and the
//! page's [`Seat`] (who sits there), and carries out what is asked of the connection.

mod channel;
mod connection;
mod error;
mod join;
mod note;
mod usage;

use std::sync::Arc;

use keelson_domain::channel::ChannelMembership;
use keelson_domain::note::NoteReaders;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::user::UserActivity;

pub use channel::{ChannelEvent, ChannelSignal};
pub use connection::{Connection, Seat};
pub use error::RealtimeError;
pub use usage::Usage;

use crate::Ports;
use crate::auth::Authenticator;
use crate::config::Settings;

/// What open pages may do.
pub struct Realtime {
    authenticator: Arc<Authenticator>,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    events: Arc<dyn EventBus>,
    presence: Arc<dyn Presence>,
    channels: Arc<dyn ChannelMembership>,
    notes: Arc<dyn NoteReaders>,
    activity: Arc<dyn UserActivity>,
    public_user_count: bool,
}

impl Realtime {
    /// From the ports it needs. `public_user_count` is `ENABLE_PUBLIC_ACTIVE_USERS_COUNT`: whether plain
    /// users see how many are active.
    pub fn new(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        settings: Arc<Settings>,
        public_user_count: bool,
    ) -> Self {
        Self {
            authenticator,
            settings,
            clock: ports.clock.clone(),
            events: ports.events.clone(),
            presence: ports.presence.clone(),
            channels: ports.channels.clone(),
            notes: ports.notes.clone(),
            activity: ports.activity.clone(),
            public_user_count,
        }
    }
}
