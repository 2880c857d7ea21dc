use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::{Setting, table};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;

use super::Tag;
use super::dto::{Banner, PromptSuggestion, SetBannersForm, SetDefaultSuggestionsForm};
use super::error::ConfigResult;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::json::Declared;

/// What people see: banners, and suggestions for a first prompt.
pub(super) struct AppearanceApi {
    pub(super) settings: Arc<Settings>,
}

impl AppearanceApi {
    /// Stores a list and answers it as it is in force.
    async fn save<T: ToJSON>(&self, setting: Setting, list: Vec<T>) -> ConfigResult<Json<Declared<Vec<T>>>> {
        let change = [(setting, list.to_json().unwrap_or_default())];
        Ok(Json(
            self.settings.change(&change).await?.get(&setting).clone().into(),
        ))
    }
}

#[OpenApi(prefix_path = "/api/v1/configs", tag = "Tag::Configs")]
impl AppearanceApi {
    /// Sets the suggestions for a first prompt.
    #[oai(
        path = "/suggestions",
        method = "post",
        operation_id = "configs_set_suggestions"
    )]
    async fn set_suggestions(
        &self,
        _admin: Admin,
        form: Body<SetDefaultSuggestionsForm>,
    ) -> ConfigResult<Json<Declared<Vec<PromptSuggestion>>>> {
        self.save(table::DEFAULT_PROMPT_SUGGESTIONS, form.0.suggestions)
            .await
    }

    /// Reads the banners.
    #[oai(path = "/banners", method = "get", operation_id = "configs_get_banners")]
    async fn banners(&self, _caller: VerifiedUser) -> ConfigResult<Json<Declared<Vec<Banner>>>> {
        let settings = self.settings.current();
        Ok(Json(settings.get(&table::WEBUI_BANNERS).clone().into()))
    }

    /// Sets the banners.
    #[oai(path = "/banners", method = "post", operation_id = "configs_set_banners")]
    async fn set_banners(
        &self,
        _admin: Admin,
        form: Body<SetBannersForm>,
    ) -> ConfigResult<Json<Declared<Vec<Banner>>>> {
        self.save(table::WEBUI_BANNERS, form.0.banners).await
    }
}
