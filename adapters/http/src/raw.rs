//! Answers that are no JSON: files, streams, redirects.

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};

/// A response as it is; the OpenAPI document says only that there is one.
pub struct Raw(pub Response);

impl IntoResponse for Raw {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Raw {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Content of its own type",
                status: Some(200),
                status_range: None,
                content: vec![],
                headers: vec![],
            }],
        }
    }

    fn register(_registry: &mut Registry) {}
}
