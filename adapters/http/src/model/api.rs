use std::sync::Arc;

use keelson_application::model::Models;
use keelson_domain::auth::Caller;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use serde_json::Value;

use super::Tag;
use super::error::ModelResult;
use super::listing::{ModelList, write_list};
use crate::caller::{Admin, VerifiedUser};
use crate::param::Flag;
use crate::raw::{JsonText, Raw};

pub(super) struct ModelApi {
    pub(super) models: Arc<Models>,
}

impl ModelApi {
    async fn visible(&self, caller: &Caller, refresh: Option<Flag>) -> ModelResult<Raw<JsonText<ModelList>>> {
        if refresh.is_some_and(bool::from) {
            self.models.refresh(caller).await?;
        }
        let entries = self.models.list_visible(caller).await?;
        let listings: Vec<&Value> = entries.iter().map(|entry| &entry.listing).collect();
        Ok(write_list(None, &listings)?)
    }
}

#[OpenApi(tag = "Tag::Models")]
impl ModelApi {
    /// Lists the models that the caller may use.
    #[oai(path = "/api/models", method = "get", operation_id = "models_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// Whether the providers are asked for their lists again.
        refresh: Query<Option<Flag>>,
    ) -> ModelResult<Raw<JsonText<ModelList>>> {
        self.visible(&caller.0, refresh.0).await
    }

    /// Lists the models that the caller may use, under the path that OpenAI's clients append.
    #[oai(path = "/api/v1/models", method = "get", operation_id = "models_list_v1")]
    async fn list_v1(
        &self,
        caller: VerifiedUser,
        /// Whether the providers are asked for their lists again.
        refresh: Query<Option<Flag>>,
    ) -> ModelResult<Raw<JsonText<ModelList>>> {
        self.visible(&caller.0, refresh.0).await
    }

    /// Lists the providers' models, without presets, arenas and what the workspace adds.
    #[oai(
        path = "/api/models/base",
        method = "get",
        operation_id = "models_list_provider_models"
    )]
    async fn list_provider_models(&self, admin: Admin) -> ModelResult<Raw<JsonText<ModelList>>> {
        let models = self.models.list_provider_models(&admin.0).await?;
        Ok(write_list(None, &models)?)
    }
}
