use std::sync::Arc;

use keelson_domain::realtime::{EventBus, Presence};

/// The ports to connected clients.
#[derive(Clone)]
pub struct RealtimePorts {
    /// Events to connected clients.
    pub events: Arc<dyn EventBus>,
    /// Who is connected.
    pub presence: Arc<dyn Presence>,
}
