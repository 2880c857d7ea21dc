use std::sync::Arc;

use keelson_domain::webhook::Webhooks;

/// The ports to webhooks.
#[derive(Clone)]
pub struct WebhookPorts {
    /// Posts to webhooks.
    pub sender: Arc<dyn Webhooks>,
}
