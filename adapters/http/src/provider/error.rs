use keelson_domain::model::ProviderError;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::reply::status;
use crate::error::ApiError;

/// The answer to a provider's error: the provider's own document and status where it sent one, else our text.
pub(crate) fn provider_error(error: &ProviderError) -> ApiError {
    match error {
        ProviderError::Refused {
            status: code,
            body: body @ (Value::Object(_) | Value::Array(_)),
        } => ApiError::document(status(*code), body.clone()),
        ProviderError::Refused { status: code, body } => {
            let text = match body {
                Value::Null => error.to_string(),
                Value::String(text) if text.trim().is_empty() => error.to_string(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            ApiError::document(status(*code), json!({"detail": text}))
        }
        ProviderError::TimedOut { .. } => ApiError::new(StatusCode::GATEWAY_TIMEOUT, error.to_string()),
        ProviderError::Unreachable(_)
        | ProviderError::Broken(_)
        | ProviderError::Redirected { .. }
        | ProviderError::UnknownSignIn(_)
        | ProviderError::InvalidHeader(_)
        | ProviderError::TooLong { .. }
        | ProviderError::TooManyValues { .. }
        | ProviderError::Unreadable(_) => ApiError::new(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}
