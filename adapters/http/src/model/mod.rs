//! Models and connections to providers over HTTP.

mod api;
mod connections;
mod dto;
mod error;
mod exchange;
mod forward;
mod listing;
mod lists;
mod pipelines;
mod settings;
mod workspace;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The groups of operations in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Models, and those built upon them.
    Models,
    /// Connections to Ollama servers.
    Ollama,
    /// Connections to servers that speak as OpenAI does.
    Openai,
    /// Servers of pipelines.
    Pipelines,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let models = &services.models;
    (
        api::ModelApi {
            models: models.clone(),
        },
        connections::ConnectionApi {
            models: models.clone(),
        },
        settings::OllamaApi {
            models: models.clone(),
        },
        pipelines::PipelineApi {
            models: models.clone(),
        },
        forward::EmbeddingApi {
            models: models.clone(),
        },
        forward::ForwardApi {
            models: models.clone(),
        },
        lists::ModelListApi {
            models: models.clone(),
        },
        workspace::WorkspaceModelApi {
            models: models.clone(),
        },
        exchange::ModelExchangeApi {
            models: models.clone(),
        },
    )
}
