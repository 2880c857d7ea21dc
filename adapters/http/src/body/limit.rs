//! How much a body may be. What is read into memory is bounded before it is read, and again before values are made of it.

use std::pin::pin;

use futures_util::StreamExt;
use keelson_domain::shared::json;
use poem::http::header;
use poem::{Request, RequestBody};
use serde_json::Value;

use super::{read_error, too_large};
use crate::error::{ApiError, Place, ValidationError};

/// Bytes of the forms that somebody sends who has not signed in yet.
pub(crate) const CREDENTIALS: usize = 64 * 1024;
/// Bytes of a form: names, settings, a small picture.
pub(crate) const FORM: usize = 1024 * 1024;
/// Bytes of what holds pictures and texts beside its settings: models, the settings of a user with a background.
pub(crate) const DOCUMENT: usize = 16 * 1024 * 1024;
/// What has no limit but the operator's (`KEELSON_HTTP_BODY_LIMIT`): chats, and questions with files in them.
pub(crate) const CONTENT: usize = usize::MAX;

/// Values that any document may hold, however short its texts are.
pub(crate) const VALUES: usize = 10_000;
/// Values of the forms of [`CREDENTIALS`].
const CREDENTIAL_VALUES: usize = 1_000;
/// Beyond them a value for so many bytes: a value takes 72 bytes of memory and more, so that a list of zeros would take
/// 36 times its size. Chats have a value for 30 bytes and more.
const BYTES_A_VALUE: usize = 16;
/// The tokens that OpenAI takes in one request for embeddings, each of which may be a number of its own
/// (<https://platform.openai.com/docs/api-reference/embeddings/create>).
pub(crate) const EMBEDDING_TOKENS: usize = 300_000;

/// How many values a body of a limit may hold for any size.
pub(super) const fn values_of(limit: usize) -> usize {
    if limit <= CREDENTIALS {
        CREDENTIAL_VALUES
    } else {
        VALUES
    }
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 as soon as it is known to be longer; what [`read_error`] says.
pub(super) async fn read(request: &Request, body: &mut RequestBody, limit: usize) -> poem::Result<Vec<u8>> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok())
        .unwrap_or(0);
    if announced > limit {
        return Err(too_large(limit as u64).into());
    }
    let mut stream = pin!(body.take()?.into_bytes_stream());
    // The announced length is a claim: memory follows what arrives.
    let mut data = Vec::with_capacity(announced.min(FORM));
    while let Some(part) = stream.next().await {
        let part = part.map_err(|error| read_error(&error))?;
        if data.len() + part.len() > limit {
            return Err(too_large(limit as u64).into());
        }
        data.extend_from_slice(&part);
    }
    Ok(data)
}

/// Refuses a document whose values would take many times its size in memory, before they are made.
///
/// # Errors
/// 422.
pub(super) fn check_values(data: &[u8], any: usize) -> Result<(), ApiError> {
    let most = any + data.len() / BYTES_A_VALUE;
    if data.len() <= any || json::count_values(data) <= most {
        return Ok(());
    }
    let message = format!(
        "A document of {} bytes should have at most {most} values",
        data.len()
    );
    let error = ValidationError::new("too_many_values", vec![Place::from("body")], message, Value::Null);
    Err(ApiError::unprocessable(&[error]))
}
