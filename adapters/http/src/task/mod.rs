//! Running tasks and background generations over HTTP.

mod api;
mod config;
mod error;
mod generations;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// What models write in the background, such as titles.
    Tasks,
}

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
