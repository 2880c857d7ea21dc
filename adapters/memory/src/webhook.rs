//! Notices that go nowhere: they are remembered.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::webhook::{Destination, Trust, WebhookError, Webhooks};
use secrecy::ExposeSecret;
use serde_json::Value;

/// A notice that was posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Where to.
    pub url: String,
    /// Who gave the address.
    pub trust: Trust,
    /// What.
    pub document: Value,
}

/// Remembers notices in the order in which they came.
#[derive(Debug, Default)]
pub struct RecordedWebhooks(Mutex<Vec<Posted>>);

impl RecordedWebhooks {
    /// What was posted so far; forgets it.
    pub fn take(&self) -> Vec<Posted> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Webhooks for RecordedWebhooks {
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError> {
        let url = to.url.expose_secret().to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(WebhookError::BadAddress);
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
