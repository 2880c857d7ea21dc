use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::{Setting, table};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;

/// What people see: banners, and suggestions for a first prompt.
pub struct AppearanceApi {
    /// The settings in force.
    pub settings: Arc<Settings>,
}

/// A suggestion for a first prompt.
#[derive(Object)]
struct PromptSuggestion {
    title: Vec<String>,
    content: String,
}

/// Suggestions for a first prompt.
#[derive(Object)]
struct SetDefaultSuggestionsForm {
    suggestions: Vec<PromptSuggestion>,
}

/// A banner on every page.
#[derive(Object)]
struct BannerModel {
    id: String,
    #[oai(rename = "type")]
    kind: String,
    title: Option<String>,
    content: String,
    dismissible: bool,
    timestamp: i64,
}

/// Banners on every page.
#[derive(Object)]
struct SetBannersForm {
    banners: Vec<BannerModel>,
}

impl AppearanceApi {
    /// Stores a list and answers it as it is in force.
    async fn save(&self, setting: Setting, list: &impl ToJSON) -> ApiResult<Json<Value>> {
        let change = [(setting, list.to_json().unwrap_or_default())];
        Ok(Json(self.settings.change(&change).await?.get(&setting).clone()))
    }
}

#[OpenApi]
impl AppearanceApi {
    /// Sets the suggestions for a first prompt.
    #[oai(path = "/api/v1/configs/suggestions", method = "post")]
    async fn set_suggestions(
        &self,
        _admin: Admin,
        body: Body<SetDefaultSuggestionsForm>,
    ) -> ApiResult<Json<Value>> {
        self.save(table::DEFAULT_PROMPT_SUGGESTIONS, &body.0.suggestions)
            .await
    }

    /// The banners.
    #[oai(path = "/api/v1/configs/banners", method = "get")]
    async fn banners(&self, _caller: VerifiedUser) -> Json<Value> {
        Json(self.settings.current().get(&table::WEBUI_BANNERS).clone())
    }

    /// Sets the banners.
    #[oai(path = "/api/v1/configs/banners", method = "post")]
    async fn set_banners(&self, _admin: Admin, body: Body<SetBannersForm>) -> ApiResult<Json<Value>> {
        self.save(table::WEBUI_BANNERS, &body.0.banners).await
    }
}
