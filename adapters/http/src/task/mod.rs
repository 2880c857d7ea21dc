//! Running tasks and background generations over HTTP.

mod api;
mod config;
mod error;
mod generations;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    (
        api::TaskApi {
            tasks: services.tasks.clone(),
        },
        generations::GenerationApi {
            generations: services.generations.clone(),
        },
    )
}
