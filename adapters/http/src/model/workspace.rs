use std::sync::Arc;

use keelson_application::model::{ModelError, Models};
use keelson_domain::model::ModelId;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::dto::{self, ModelForm, unknown_is_unauthorized};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::{ApiError, ApiResult};
use crate::picture::{StandIn, picture};
use crate::raw::{Picture, Raw};

/// Operations on one model of the workspace. Its id may hold slashes, so that it is no part of a path.
pub struct WorkspaceModelApi {
    /// The use cases.
    pub models: Arc<Models>,
}

/// Which model.
#[derive(Object)]
struct ModelIdForm {
    id: String,
}

#[OpenApi]
impl WorkspaceModelApi {
    /// Adds a model.
    #[oai(path = "/api/v1/models/create", method = "post")]
    async fn create(&self, caller: VerifiedUser, body: Body<ModelForm>) -> ApiResult<Json<Value>> {
        let model = self.models.create(&caller.0, body.0.into_model()).await?;
        Ok(Json(dto::full(&model)))
    }

    /// One model; `null` when one may not see it.
    #[oai(path = "/api/v1/models/model", method = "get")]
    async fn get(&self, caller: VerifiedUser, id: Query<String>) -> ApiResult<Json<Value>> {
        let model = self.models.get(&caller.0, &ModelId::new(id.0)).await;
        let model = model.map_err(unknown_is_unauthorized)?;
        Ok(Json(model.as_ref().map_or(Value::Null, dto::full)))
    }

    /// The picture of a model.
    #[oai(path = "/api/v1/models/model/profile/image", method = "get")]
    async fn image(&self, _caller: VerifiedUser, id: Query<String>) -> ApiResult<Raw<Picture>> {
        let url = self
            .models
            .find_image(&ModelId::new(id.0))
            .await?
            .unwrap_or_default();
        let mut response = picture(&url, StandIn("favicon.png"));
        let fresh = poem::http::HeaderValue::from_static("no-cache, must-revalidate");
        response.headers_mut().insert("cache-control", fresh);
        Ok(Raw::from(response))
    }

    /// Turns a model on or off.
    #[oai(path = "/api/v1/models/model/toggle", method = "post")]
    async fn toggle(&self, caller: VerifiedUser, id: Query<String>) -> ApiResult<Json<Value>> {
        let model = self.models.toggle(&caller.0, &ModelId::new(id.0)).await;
        Ok(Json(dto::full(&model.map_err(unknown_is_unauthorized)?)))
    }

    /// Replaces what the workspace says about a model.
    #[oai(path = "/api/v1/models/model/update", method = "post")]
    async fn update(&self, caller: VerifiedUser, body: Body<ModelForm>) -> ApiResult<Json<Value>> {
        let model = self.models.update(&caller.0, body.0.into_model()).await;
        let model = model.map_err(|error| match error {
            ModelError::ReadOnly => ApiError::bad_request("You may not change this model."),
            other => unknown_is_unauthorized(other),
        })?;
        Ok(Json(dto::full(&model)))
    }

    /// Removes a model.
    #[oai(path = "/api/v1/models/model/delete", method = "post")]
    async fn delete(&self, caller: VerifiedUser, body: Body<ModelIdForm>) -> ApiResult<Json<bool>> {
        let deleted = self.models.delete(&caller.0, &ModelId::new(body.0.id)).await;
        Ok(Json(deleted.map_err(unknown_is_unauthorized)?))
    }

    /// Removes all models.
    #[oai(path = "/api/v1/models/delete/all", method = "delete")]
    async fn delete_all(&self, admin: Admin) -> ApiResult<Json<bool>> {
        self.models.delete_all(&admin.0).await?;
        Ok(Json(true))
    }
}
