//! Memories over HTTP.

mod api;
mod dto;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::MemoryApi {
        memories: services.memories.clone(),
    }
}
