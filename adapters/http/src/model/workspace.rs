use std::sync::Arc;

use keelson_application::model::{ModelError, Models};
use keelson_domain::model::ModelId;
use poem::http::HeaderValue;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ModelDto, ModelForm, ModelIdForm};
use super::error::{ModelResult, unknown_is_unauthorized};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiError;
use crate::json::Nullable;
use crate::picture::{StandIn, picture};
use crate::raw::{Picture, Raw};

/// Operations on one model of the workspace. Its id may hold slashes, so it is no part of a path.
pub(super) struct WorkspaceModelApi {
    pub(super) models: Arc<Models>,
}

#[OpenApi(prefix_path = "/api/v1/models", tag = "Tag::Models")]
impl WorkspaceModelApi {
    /// Creates a model.
    #[oai(path = "/create", method = "post", operation_id = "models_create")]
    async fn create(&self, caller: VerifiedUser, form: Body<ModelForm>) -> ModelResult<Json<ModelDto>> {
        let model = self.models.create(&caller.0, form.0.into()).await?;
        Ok(Json(model.into()))
    }

    /// Reads a model; null when the caller may not see it.
    #[oai(path = "/model", method = "get", operation_id = "models_get")]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The model.
        id: Query<String>,
    ) -> ModelResult<Json<Nullable<ModelDto>>> {
        let model = self.models.get(&caller.0, &ModelId::new(id.0)).await;
        let model = model.map_err(unknown_is_unauthorized)?;
        Ok(Json(model.map(ModelDto::from).into()))
    }

    /// Shows the picture of a model.
    #[oai(
        path = "/model/profile/image",
        method = "get",
        operation_id = "models_get_image"
    )]
    async fn image(
        &self,
        caller: VerifiedUser,
        /// The model.
        id: Query<String>,
    ) -> ModelResult<Raw<Picture>> {
        let url = self.models.find_image(&caller.0, &ModelId::new(id.0)).await?;
        let mut response = picture(&url.unwrap_or_default(), StandIn("favicon.png"));
        let fresh = HeaderValue::from_static("no-cache, must-revalidate");
        response.headers_mut().insert("cache-control", fresh);
        Ok(response.into())
    }

    /// Activates or deactivates a model.
    #[oai(path = "/model/toggle", method = "post", operation_id = "models_toggle")]
    async fn toggle(
        &self,
        caller: VerifiedUser,
        /// The model.
        id: Query<String>,
    ) -> ModelResult<Json<ModelDto>> {
        let model = self.models.toggle(&caller.0, &ModelId::new(id.0)).await;
        Ok(Json(model.map_err(unknown_is_unauthorized)?.into()))
    }

    /// Replaces a model; it keeps its owner.
    #[oai(path = "/model/update", method = "post", operation_id = "models_update")]
    async fn update(&self, caller: VerifiedUser, form: Body<ModelForm>) -> ModelResult<Json<ModelDto>> {
        let model = self.models.update(&caller.0, form.0.into()).await;
        let model = model.map_err(|error| match error {
            ModelError::ReadOnly => ApiError::bad_request("You may not change this model."),
            other => unknown_is_unauthorized(other),
        })?;
        Ok(Json(model.into()))
    }

    /// Deletes a model.
    #[oai(path = "/model/delete", method = "post", operation_id = "models_delete")]
    async fn delete(&self, caller: VerifiedUser, form: Body<ModelIdForm>) -> ModelResult<Json<bool>> {
        let deleted = self.models.delete(&caller.0, &ModelId::new(form.0.id)).await;
        Ok(Json(deleted.map_err(unknown_is_unauthorized)?))
    }

    /// Deletes all models of the workspace.
    #[oai(path = "/delete/all", method = "delete", operation_id = "models_delete_all")]
    async fn delete_all(&self, admin: Admin) -> ModelResult<Json<bool>> {
        self.models.delete_all(&admin.0).await?;
        Ok(Json(true))
    }
}
