use std::time::Duration;

use bytes::BytesMut;
use futures_util::StreamExt;
use keelson_domain::model::{ByteStream, ProviderError};
use keelson_domain::shared::json;

/// How much of a reply is read, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How long nothing may arrive.
    pub(super) idle: Duration,
    /// The largest document that is read whole, in bytes.
    pub(super) max_document: usize,
}

/// Values that a document may hold whatever its size: 20 probabilities beside each of some thousand words.
const MAX_VALUES: usize = 1_000_000;
/// Beyond them a value for so many bytes: each takes 72 bytes of memory and more.
const BYTES_A_VALUE: usize = 16;

impl Limits {
    pub(super) fn check_length(&self, length: usize) -> Result<(), ProviderError> {
        if length <= self.max_document {
            return Ok(());
        }
        Err(ProviderError::TooLong {
            limit: self.max_document,
            setting: "KEELSON_PROVIDER_DOCUMENT_LIMIT",
        })
    }

    /// Whether a document may be made of a text.
    fn check_values(text: &[u8]) -> Result<(), ProviderError> {
        let values = if text.len() > MAX_VALUES {
            json::count_values(text)
        } else {
            0
        };
        if values <= MAX_VALUES + text.len() / BYTES_A_VALUE {
            return Ok(());
        }
        Err(ProviderError::TooManyValues {
            values,
            bytes: text.len(),
        })
    }

    /// Appends the rest of a document.
    pub(super) async fn read_rest(
        &self,
        body: &mut ByteStream,
        into: &mut BytesMut,
    ) -> Result<(), ProviderError> {
        while let Some(chunk) = body.next().await {
            into.extend_from_slice(&chunk?);
            self.check_length(into.len())?;
        }
        Self::check_values(into)
    }
}
