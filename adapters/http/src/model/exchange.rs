use std::sync::Arc;

use keelson_application::model::Models;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::dto;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;
use crate::json::JsonObject;

/// Models from and to elsewhere.
pub struct ModelExchangeApi {
    /// The use cases.
    pub models: Arc<Models>,
}

/// Models as another workspace exported them.
#[derive(Object)]
struct ModelsImportForm {
    models: Vec<JsonObject>,
}

/// The models that the workspace is to have.
#[derive(Object)]
struct SyncModelsForm {
    models: Option<Vec<ModelModel>>,
}

/// A model with everything.
#[derive(Object)]
struct ModelModel {
    id: String,
    user_id: String,
    base_model_id: Option<String>,
    name: String,
    params: JsonObject,
    meta: JsonObject,
    access_control: Option<JsonObject>,
    is_active: bool,
    updated_at: i64,
    created_at: i64,
}

impl From<ModelModel> for Model {
    fn from(model: ModelModel) -> Self {
        Self {
            id: ModelId::new(model.id),
            owner: UserId::new(model.user_id),
            base: model.base_model_id.map(ModelId::new),
            name: model.name,
            params: model.params.0,
            meta: Self::complete_meta(model.meta.0),
            access_control: model.access_control.map(|rules| Value::Object(rules.0)),
            is_active: model.is_active,
            created_at: Timestamp::from_seconds(model.created_at),
            updated_at: Timestamp::from_seconds(model.updated_at),
        }
    }
}

#[OpenApi]
impl ModelExchangeApi {
    /// The presets that one may change, to be kept elsewhere.
    #[oai(path = "/api/v1/models/export", method = "get")]
    async fn export(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let models = self.models.export(&caller.0).await?;
        Ok(Json(models.iter().map(dto::full).collect()))
    }

    /// Takes over models.
    #[oai(path = "/api/v1/models/import", method = "post")]
    async fn import(&self, caller: VerifiedUser, body: Body<ModelsImportForm>) -> ApiResult<Json<bool>> {
        let documents = body.0.models.into_iter().map(|model| model.0).collect();
        self.models.import(&caller.0, documents).await?;
        Ok(Json(true))
    }

    /// Makes these the workspace's only models.
    #[oai(path = "/api/v1/models/sync", method = "post")]
    async fn sync(&self, admin: Admin, body: Body<SyncModelsForm>) -> ApiResult<Json<Value>> {
        let models = body.0.models.unwrap_or_default();
        let models = models.into_iter().map(Model::from).collect();
        let kept = self.models.sync(&admin.0, models).await?;
        Ok(Json(kept.iter().map(dto::full).collect()))
    }
}
