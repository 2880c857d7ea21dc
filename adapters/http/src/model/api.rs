use std::sync::Arc;

use keelson_application::model::Models;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;
use crate::param::Flag;

/// Which models there are.
pub struct ModelApi {
    /// The use cases.
    pub models: Arc<Models>,
}

impl ModelApi {
    async fn list(&self, caller: &VerifiedUser, refresh: bool) -> ApiResult<Json<Value>> {
        if refresh {
            self.models.refresh(&caller.0).await?;
        }
        let entries = self.models.list_visible(&caller.0).await?;
        let data: Vec<&Value> = entries.iter().map(|entry| &entry.listing).collect();
        Ok(Json(json!({"data": data})))
    }
}

#[OpenApi]
impl ModelApi {
    /// The models that one may choose.
    #[oai(path = "/api/models", method = "get")]
    async fn models(&self, caller: VerifiedUser, refresh: Query<Option<Flag>>) -> ApiResult<Json<Value>> {
        self.list(&caller, refresh.0.map(bool::from).unwrap_or(false))
            .await
    }

    /// The same under its other name.
    #[oai(path = "/api/v1/models", method = "get", hidden = true)]
    async fn models_v1(&self, caller: VerifiedUser, refresh: Query<Option<Flag>>) -> ApiResult<Json<Value>> {
        self.list(&caller, refresh.0.map(bool::from).unwrap_or(false))
            .await
    }

    /// The providers' models, without what the workspace adds.
    #[oai(path = "/api/models/base", method = "get")]
    async fn base(&self, admin: Admin) -> ApiResult<Json<Value>> {
        Ok(Json(
            json!({"data": self.models.list_provider_models(&admin.0).await?}),
        ))
    }
}
