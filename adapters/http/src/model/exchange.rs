use std::sync::Arc;

use keelson_application::model::Models;
use keelson_domain::model::Model;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ModelDto, ModelsImportForm, SyncModelsForm};
use super::error::ModelResult;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::json::Free;

pub(super) struct ModelExchangeApi {
    pub(super) models: Arc<Models>,
}

#[OpenApi(prefix_path = "/api/v1/models", tag = "Tag::Models")]
impl ModelExchangeApi {
    /// Exports the presets that the caller may change.
    #[oai(path = "/export", method = "get", operation_id = "models_export")]
    async fn export(&self, caller: VerifiedUser) -> ModelResult<Json<Vec<ModelDto>>> {
        let models = self.models.export(&caller.0).await?;
        Ok(Json(models.into_iter().map(ModelDto::from).collect()))
    }

    /// Imports models.
    ///
    /// Unknown ids are added, of known ones the given fields are replaced. Models without an id are skipped.
    #[oai(path = "/import", method = "post", operation_id = "models_import")]
    async fn import(&self, caller: VerifiedUser, form: Body<ModelsImportForm>) -> ModelResult<Json<bool>> {
        let documents = form.0.models.into_iter().map(Free::into_fields).collect();
        self.models.import(&caller.0, documents).await?;
        Ok(Json(true))
    }

    /// Replaces all models of the workspace.
    #[oai(path = "/sync", method = "post", operation_id = "models_sync")]
    async fn sync(&self, admin: Admin, form: Body<SyncModelsForm>) -> ModelResult<Json<Vec<ModelDto>>> {
        let models = form.0.models.unwrap_or_default();
        let models = models.into_iter().map(Model::from).collect();
        let stored = self.models.sync(&admin.0, models).await?;
        Ok(Json(stored.into_iter().map(ModelDto::from).collect()))
    }
}
