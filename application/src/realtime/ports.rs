use std::sync::Arc;

use keelson_domain::realtime::{EventBus, Presence};

/// The ports to open pages.
#[derive(Clone)]
pub struct RealtimePorts {
    /// Events to open pages.
    pub events: Arc<dyn EventBus>,
    /// Who has pages open.
    pub presence: Arc<dyn Presence>,
}
