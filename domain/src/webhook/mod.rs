//! Notifications to URLs that admins and users configure.

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::Value;

use crate::shared::BoxError;

/// Who configured a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// An admin: it may lead anywhere.
    Operator,
    /// A user: it may not lead into the operator's own network.
    User,
}

/// Where a notification goes. The URL is a secret: with many services it is all that a sender needs.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The URL.
    pub url: SecretString,
    /// Who configured it.
    pub trust: Trust,
}

/// Why a notification was not delivered. No case holds the URL.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It is no URL.
    #[error("the webhook URL is not valid: an http or https URL is allowed")]
    InvalidUrl,
    /// The URL leads where users may not reach.
    #[error("the webhook URL leads into a private network (KEELSON_EGRESS_ALLOW names what is allowed)")]
    Forbidden,
    /// It answered with another status than success; redirects are not followed.
    #[error("the webhook answered with status {0}")]
    Refused(u16),
    /// It did not answer in time.
    #[error("the webhook did not answer in time")]
    TimedOut,
    /// It cannot be reached.
    #[error("the webhook cannot be reached")]
    Unreachable(#[source] BoxError),
}

/// Posts notifications.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Posts a JSON document once, within a few seconds; nothing of the answer but its status is read. The host of a
    /// user's URL is resolved once and every address it has is checked; only checked addresses are connected to.
    ///
    /// # Errors
    /// See [`WebhookError`].
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError>;
}
