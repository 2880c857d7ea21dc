//! Chat completions over HTTP.

mod api;
mod dto;
mod error;

use poem_openapi::OpenApi;

use crate::router::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::CompletionApi {
        completions: services.completions.clone(),
    }
}
