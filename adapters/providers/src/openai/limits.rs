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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_counted_before_they_are_read() {
        let numbers = "0.0123456,".repeat(1_500_000);
        let texts = r#""a text of some length","#.repeat(2_000_000);
        for (text, fits) in [
            ("0,".repeat(900_000), true),
            ("0,".repeat(1_100_000), true),
            ("0,".repeat(1_300_000), false),
            ("[".repeat(2_000_000), false),
            (r#"{"a":1},"#.repeat(1_000_000), false),
            ("NaN,".repeat(2_000_000), false),
            (numbers, true),
            (texts, true),
            (format!("\"{}\"", "[,".repeat(2_000_000)), true),
        ] {
            let checked = Limits::check_values(text.as_bytes());
            let shown = text.get(..12).unwrap_or_default();
            assert_eq!(checked.is_ok(), fits, "{shown} {checked:?}");
        }
    }

    #[test]
    fn the_error_names_the_limit() {
        let limits = Limits {
            idle: Duration::from_secs(1),
            max_document: 10,
        };
        assert!(limits.check_length(10).is_ok());
        let error = limits.check_length(11).expect_err("too long").to_string();
        assert!(
            error.contains("10 bytes") && error.contains("KEELSON_PROVIDER_DOCUMENT_LIMIT"),
            "{error}"
        );
    }
}
