//! The server itself: health, version, the front end's configuration, pages and static files.

mod api;
mod app_config;
mod dto;
mod features;
mod file;
mod frontend;
mod pages;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

pub use frontend::{Frontend, layer as with_frontend};

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// The server itself: health, version, usage, pages.
    System,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::SystemApi {
        system: services.system.clone(),
    }
}
