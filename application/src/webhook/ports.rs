use std::sync::Arc;

use keelson_domain::webhook::Webhooks;

/// The ports to webhooks.
#[derive(Clone)]
pub struct WebhookPorts {
    /// Posts webhook notifications.
    pub sender: Arc<dyn Webhooks>,
}
