//! Chat completions over HTTP.

mod api;
mod dto;
mod error;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Answers of models, and what is done with them.
    Completions,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::CompletionApi {
        completions: services.completions.clone(),
    }
}
