//! Prompts over HTTP.

mod api;
mod dto;

use std::sync::Arc;

use keelson_application::prompt::Prompts;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Prompts to reuse.
    Prompts,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::PromptApi {
        prompts: Arc::new(Prompts::new(&services.ports, services.access.clone())),
    }
}
