use std::sync::Arc;

use keelson_application::model::{ConnectionTest, Models};
use keelson_domain::config::table;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value};

use super::Tag;
use super::error::ModelResult;
use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiError;
use crate::json::{Column, Declared, Free};
use crate::settings_form::{Field, SettingsForm, in_force, save};

/// Options of connections.
pub(super) struct ConnectionOptions;

impl Column for ConnectionOptions {
    const NAME: &'static str = "ConnectionOptions";
    const DESCRIPTION: &'static str = "Options of each connection, by its position as text: `enable`, `prefix_id`, `model_ids`, `tags`, `auth_type`…";
}

/// Options of one connection.
pub(super) struct ConnectionOption;

impl Column for ConnectionOption {
    const NAME: &'static str = "ConnectionConfig";
    const DESCRIPTION: &'static str =
        "Options of one connection: `enable`, `prefix_id`, `model_ids`, `tags`, `auth_type`…";
}

/// The connections that speak the OpenAI protocol, with their keys.
#[derive(Object)]
#[oai(rename = "OpenAIConfig", rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct OpenAiConfig {
    /// Whether the connections are used.
    enable_openai_api: Option<bool>,
    openai_api_base_urls: Vec<String>,
    /// A key for each address; empty for none.
    openai_api_keys: Vec<String>,
    openai_api_configs: Free<ConnectionOptions>,
}

impl SettingsForm for OpenAiConfig {
    const FIELDS: &'static [Field] = &[
        Field::of(table::ENABLE_OPENAI_API),
        Field::of(table::OPENAI_API_BASE_URLS),
        Field::of(table::OPENAI_API_KEYS),
        Field::of(table::OPENAI_API_CONFIGS),
    ];
}

impl OpenAiConfig {
    /// With as many keys as addresses, and options of addresses that exist only.
    #[must_use]
    pub(super) fn completed(mut self) -> Self {
        let count = self.openai_api_base_urls.len();
        self.openai_api_keys.resize(count, String::new());
        let is_known = |name: &str| name.parse::<usize>().is_ok_and(|index| index < count);
        let options = self.openai_api_configs.into_fields().into_iter();
        let options: Map<String, Value> = options.filter(|(name, _)| is_known(name)).collect();
        self.openai_api_configs = Value::Object(options).into();
        self
    }
}

/// A connection to test.
#[derive(Object)]
pub(super) struct ConnectionVerificationForm {
    /// Its address, without a path of the protocol: `https://api.openai.com/v1`.
    url: String,
    /// Its key; empty for none.
    key: String,
    config: Option<Free<ConnectionOption>>,
}

impl From<ConnectionVerificationForm> for ConnectionTest {
    fn from(form: ConnectionVerificationForm) -> Self {
        Self {
            url: form.url,
            key: form.key.into(),
            options: form.config.map(Free::into_fields).unwrap_or_default(),
        }
    }
}

/// Settings of connections to Ollama, whose protocol this server does not speak yet.
pub(super) struct OllamaApi {
    pub(super) models: Arc<Models>,
}

/// The connections to Ollama servers.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct OllamaConfig {
    /// Whether the connections are used.
    enable_ollama_api: Option<bool>,
    ollama_base_urls: Vec<String>,
    ollama_api_configs: Free<ConnectionOptions>,
}

impl SettingsForm for OllamaConfig {
    const FIELDS: &'static [Field] = &[
        Field::of(table::ENABLE_OLLAMA_API),
        Field::of(table::OLLAMA_BASE_URLS),
        Field::of(table::OLLAMA_API_CONFIGS),
    ];
}

/// Whether the server answers.
#[derive(Object)]
struct OllamaStatus {
    /// Always true.
    status: bool,
}

/// The version of the connected Ollama servers.
#[derive(Object)]
struct OllamaVersion {
    /// Always false: this server reaches no Ollama server yet, as when `ENABLE_OLLAMA_API` is off.
    version: bool,
}

#[OpenApi(prefix_path = "/ollama", tag = "Tag::Ollama")]
impl OllamaApi {
    /// Says that the server is there, for clients that speak Ollama's protocol.
    #[oai(path = "/", method = "get", operation_id = "ollama_status")]
    async fn status(&self) -> Json<OllamaStatus> {
        Json(OllamaStatus { status: true })
    }

    /// Says that the server is there, without a document.
    #[oai(path = "/", method = "head", operation_id = "ollama_status_head")]
    async fn status_head(&self) -> Json<OllamaStatus> {
        Json(OllamaStatus { status: true })
    }

    /// Says which version the connected Ollama servers have.
    #[oai(path = "/api/version", method = "get", operation_id = "ollama_get_version")]
    async fn version(&self) -> Json<OllamaVersion> {
        Json(OllamaVersion { version: false })
    }

    /// Reads the connections to Ollama servers.
    #[oai(path = "/config", method = "get", operation_id = "ollama_get_config")]
    async fn config(&self, _admin: Admin) -> Json<Declared<OllamaConfig>> {
        Json(in_force(&self.models.settings().current()))
    }

    /// Replaces the connections to Ollama servers.
    #[oai(
        path = "/config/update",
        method = "post",
        operation_id = "ollama_update_config"
    )]
    async fn update_config(
        &self,
        _admin: Admin,
        form: Body<OllamaConfig>,
    ) -> ModelResult<Json<Declared<OllamaConfig>>> {
        let saved = save(self.models.settings(), &form.0).await;
        Ok(Json(saved.map_err(ApiError::from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<OpenAiConfig>();
        assert_bound::<OllamaConfig>();
    }
}
