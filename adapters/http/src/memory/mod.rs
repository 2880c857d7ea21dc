//! Memories over HTTP.

mod api;
mod dto;

use std::sync::Arc;

use keelson_application::memory::Memories;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// What models remember of a person.
    Memories,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::MemoryApi {
        memories: Arc::new(Memories::new(&services.ports)),
    }
}
