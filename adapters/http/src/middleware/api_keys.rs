//! Where API keys may be used, when an admin restricts them (`API_KEYS_ALLOWED_ENDPOINTS`).

use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::table;
use poem::{Endpoint, EndpointExt, Response};

use crate::caller::credentials;
use crate::error::ApiError;

pub(crate) fn layer<E>(inner: E, settings: Arc<Settings>) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(move |next, request| {
        let settings = settings.clone();
        async move {
            let restricted = {
                let current = settings.current();
                current.bool(&table::ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS)
                    && credentials(&request).iter().any(|key| key.starts_with("sk-"))
                    && !allows(
                        current.text(&table::API_KEYS_ALLOWED_ENDPOINTS),
                        request.uri().path(),
                    )
            };
            if restricted {
                let refusal = ApiError::forbidden("API keys may not call this path.");
                return Ok(refusal.answer_to(request.uri().path()));
            }
            next.call(request).await
        }
    })
}

/// Whether `path` is one of the comma-separated paths, or lies below one.
fn allows(allowed: &str, path: &str) -> bool {
    allowed
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .any(|entry| {
            path.strip_prefix(entry)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn a_path_is_allowed_with_what_lies_below_it() {
        let list = "/api/models, /api/v1/chats,";
        assert!(allows(list, "/api/models"));
        assert!(allows(list, "/api/v1/chats/"));
        assert!(allows(list, "/api/v1/chats/all/tags"));
        assert!(!allows(list, "/api/modelsx"));
        assert!(!allows(list, "/health"));
        assert!(!allows("", "/"));
    }
}
