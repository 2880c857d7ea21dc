use std::sync::Arc;

use keelson_application::config::Settings;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{EmbeddingConfig, RetrievalConfig};
use crate::caller::Admin;
use crate::config::ConfigResult;

/// What admins set about documents and the web.
pub(super) struct RetrievalApi {
    pub(super) settings: Arc<Settings>,
}

#[OpenApi(prefix_path = "/api/v1/retrieval", tag = "Tag::Retrieval")]
impl RetrievalApi {
    /// Reads the settings of documents and the web, with their keys.
    #[oai(path = "/config", method = "get", operation_id = "retrieval_get_config")]
    async fn config(&self, _admin: Admin) -> ConfigResult<Json<RetrievalConfig>> {
        Ok(Json(RetrievalConfig::from(&**self.settings.current())))
    }

    /// Reads the settings of embeddings, with their keys.
    #[oai(path = "/embedding", method = "get", operation_id = "retrieval_get_embedding")]
    async fn embedding(&self, _admin: Admin) -> ConfigResult<Json<EmbeddingConfig>> {
        Ok(Json(EmbeddingConfig::from(&**self.settings.current())))
    }
}
