//! Webhook notifications that are recorded instead of sent.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::webhook::{Destination, Trust, WebhookError, Webhooks};
use secrecy::ExposeSecret;
use serde_json::Value;

/// A notification that was posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// URL.
    pub url: String,
    /// Who configured it.
    pub trust: Trust,
    /// Document.
    pub document: Value,
}

/// Records notifications in the order in which they were posted.
#[derive(Debug, Default)]
pub struct WebhookRecorder(Mutex<Vec<Posted>>);

impl WebhookRecorder {
    /// What was posted so far; forgets it.
    pub fn take(&self) -> Vec<Posted> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Webhooks for WebhookRecorder {
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError> {
        let url = to.url.expose_secret().to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(WebhookError::InvalidUrl);
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Posted {
                url,
                trust: to.trust,
                document: document.clone(),
            });
        Ok(())
    }
}
