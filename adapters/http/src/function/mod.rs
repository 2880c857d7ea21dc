//! Functions over HTTP.

mod api;
mod dto;
mod error;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::FunctionApi {
        functions: services.functions.clone(),
    }
}
