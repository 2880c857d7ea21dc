//! Knowledge over HTTP.

mod api;
mod dto;

use std::sync::Arc;

use keelson_application::knowledge::KnowledgeCollections;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Collections of documents.
    Knowledge,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::KnowledgeApi {
        knowledge: Arc::new(KnowledgeCollections::new(
            &services.ports,
            services.access.clone(),
        )),
    }
}
