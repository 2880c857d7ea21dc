//! Files over HTTP.

mod api;
mod dto;

use std::sync::Arc;

use keelson_application::file::Files;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Uploaded files.
    Files,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::FileApi {
        files: Arc::new(Files::new(&services.ports, services.access.clone())),
    }
}
