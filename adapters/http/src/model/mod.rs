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

use poem_openapi::OpenApi;

use crate::services::Services;

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
