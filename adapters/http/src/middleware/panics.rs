//! A panic in a handler becomes a 500 in the usual shape; the process goes on.

use poem::http::StatusCode;
use poem::middleware::CatchPanic;
use poem::{Endpoint, EndpointExt, IntoResponse, Response};

use crate::error::ApiError;

pub(crate) fn caught<E: Endpoint + 'static>(inner: E) -> impl Endpoint<Output = Response> {
    inner
        .with(
            CatchPanic::new().with_handler(|panic: Box<dyn std::any::Any + Send>| {
                let message = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .unwrap_or("no message");
                tracing::error!(panic = message, "a handler panicked");
                ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response()
            }),
        )
        .map_to_response()
}
