//! Fetches documents of the operator.

use async_trait::async_trait;
use keelson_domain::shared::json;
use keelson_domain::system::{FetchError, OperatorDocuments};
use serde_json::{Map, Value};
use url::Url;

use crate::Egress;

/// The longest document, in bytes: manifests hold pictures at times.
const LONGEST: usize = 1024 * 1024;

#[async_trait]
impl OperatorDocuments for Egress {
    async fn fetch(&self, url: &str) -> Result<Map<String, Value>, FetchError> {
        let url = Url::parse(url.trim()).map_err(|_| FetchError::InvalidUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::InvalidUrl);
        }
        let asked = self.operator_client().get(url).send().await;
        let mut response = asked.map_err(to_fetch_error)?;
        if !response.status().is_success() {
            return Err(FetchError::Refused(response.status().as_u16()));
        }
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(to_fetch_error)? {
            text.extend_from_slice(&chunk);
            if text.len() > LONGEST {
                return Err(FetchError::TooLong(LONGEST));
            }
        }
        json::read_as(&text).map_err(|_| FetchError::Unreadable)
    }
}

fn to_fetch_error(error: reqwest::Error) -> FetchError {
    // The URL may hold credentials.
    let error = error.without_url();
    if error.is_timeout() {
        FetchError::TimedOut
    } else {
        FetchError::Unreachable(error.into())
    }
}
