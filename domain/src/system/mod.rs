//! The server itself.

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::shared::{BoxError, StoreResult};

/// The version of the reference whose clients, front end and data work here unchanged. Clients see it as the
/// server's version, because the stock front end compares it with its own.
pub const COMPATIBLE_VERSION: &str = "0.6.43";

/// Whether the database answers.
#[async_trait]
pub trait StorageHealth: Send + Sync {
    /// Asks the database for the simplest thing (`SELECT 1`).
    async fn ping(&self) -> StoreResult<()>;
}

/// Why a document of the operator was not fetched. No case holds its URL, which may hold credentials.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no URL.
    #[error("its URL is not valid: an http or https URL is allowed")]
    InvalidUrl,
    /// The server answered with another status than success; redirects are not followed.
    #[error("its server answered with status {0}")]
    Refused(u16),
    /// The server did not answer in time.
    #[error("its server did not answer in time")]
    TimedOut,
    /// The server cannot be reached.
    #[error("its server cannot be reached")]
    Unreachable(#[source] BoxError),
    /// The document is longer than any of its kind.
    #[error("it is longer than {0} bytes")]
    TooLong(usize),
    /// The document is no JSON object.
    #[error("it is no JSON object")]
    Unreadable,
}

/// Fetches documents from where the operator says they are.
#[async_trait]
pub trait OperatorDocuments: Send + Sync {
    /// Fetches a JSON object, within a few seconds.
    ///
    /// # Errors
    /// See [`FetchError`].
    async fn fetch(&self, url: &str) -> Result<Map<String, Value>, FetchError>;
}
