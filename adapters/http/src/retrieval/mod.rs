//! Documents and the web as sources of answers: what admins set about them.

mod api;
mod documents;
mod dto;
mod web;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Documents and the web as sources of answers.
    Retrieval,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::RetrievalApi {
        settings: services.settings.clone(),
    }
}
