//! Telling the world outside of what happened here, at addresses that people give.

use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::Value;

use crate::shared::BoxError;

/// Who vouches for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// An admin: it may lie anywhere.
    Operator,
    /// A user: it may not lead into the operator's own network.
    User,
}

/// Where a notice goes. The address is a secret: with many services it is all that the sender needs.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The address.
    pub url: SecretString,
    /// Who gave it.
    pub trust: Trust,
}

/// Why a notice did not arrive. No case holds the address.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The address is none.
    #[error("the address of the webhook is not valid: an http or https URL is allowed")]
    BadAddress,
    /// The address leads where users may not reach.
    #[error(
        "the address of the webhook leads into a private network (KEELSON_EGRESS_ALLOW names what is allowed)"
    )]
    Forbidden,
    /// It answered with something else than success; redirects are not followed.
    #[error("the webhook answered with status {0}")]
    Refused(u16),
    /// It did not answer in time.
    #[error("the webhook did not answer in time")]
    TimedOut,
    /// It cannot be reached.
    #[error("the webhook cannot be reached")]
    Unreachable(#[source] BoxError),
}

/// Posts notices.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Posts a JSON document once, within a few seconds; nothing of the answer but its status is read. The host of a
    /// user's address is resolved once and every address it has is checked; what is connected to is what was checked.
    ///
    /// # Errors
    /// See [`WebhookError`].
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError>;
}
