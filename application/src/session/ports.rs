use std::sync::Arc;

use keelson_domain::session::SessionStore;

/// The ports of browser sessions.
#[derive(Clone)]
pub struct SessionPorts {
    /// Browser sessions, where the server keeps them.
    pub store: Arc<dyn SessionStore>,
}
