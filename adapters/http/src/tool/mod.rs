//! Tools over HTTP.

mod api;
mod dto;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ToolApi {
        tools: services.tools.clone(),
    }
}
