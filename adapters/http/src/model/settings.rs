use std::sync::Arc;

use keelson_application::model::{ConnectionTest, Models};
use keelson_domain::config::{Setting, Snapshot, table};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value, json};

use super::error::ModelResult;
use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiError;
use crate::json::{Column, Free, Nullable};
use crate::tag::Tag;

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

/// An arena.
pub(super) struct ArenaModel;

impl Column for ArenaModel {
    const NAME: &'static str = "ArenaModel";
    const DESCRIPTION: &'static str =
        "An arena: `id`, `name` and `meta` with `model_ids`, `filter_mode`, `access_control`…";
}

fn texts(settings: &Snapshot, setting: &Setting) -> Vec<String> {
    let values = settings.list(setting).iter();
    values
        .map(|value| value.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The connections that speak the OpenAI protocol, with their keys.
#[derive(Object)]
#[oai(rename = "OpenAIConfig", rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct OpenAiConfig {
    /// Whether the connections are used.
    enable_openai_api: Nullable<bool>,
    openai_api_base_urls: Vec<String>,
    /// A key for each address; empty for none.
    openai_api_keys: Vec<String>,
    openai_api_configs: Free<ConnectionOptions>,
}

impl From<&Snapshot> for OpenAiConfig {
    fn from(settings: &Snapshot) -> Self {
        Self {
            enable_openai_api: settings.get(&table::ENABLE_OPENAI_API).as_bool().into(),
            openai_api_base_urls: texts(settings, &table::OPENAI_API_BASE_URLS),
            openai_api_keys: texts(settings, &table::OPENAI_API_KEYS),
            openai_api_configs: settings.get(&table::OPENAI_API_CONFIGS).clone().into(),
        }
    }
}

/// The connections to store.
#[derive(Object)]
#[oai(rename = "OpenAIConfigForm", rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct OpenAiConfigForm {
    enable_openai_api: Option<bool>,
    openai_api_base_urls: Vec<String>,
    openai_api_keys: Vec<String>,
    openai_api_configs: Free<ConnectionOptions>,
}

impl OpenAiConfigForm {
    /// As many keys as addresses, and options of addresses that exist.
    pub(super) fn into_changes(self) -> [(Setting, Value); 4] {
        let count = self.openai_api_base_urls.len();
        let mut keys = self.openai_api_keys;
        keys.resize(count, String::new());
        let is_known = |name: &str| name.parse::<usize>().is_ok_and(|index| index < count);
        let options: Map<String, Value> = self
            .openai_api_configs
            .into_fields()
            .into_iter()
            .filter(|(name, _)| is_known(name))
            .collect();
        [
            (table::ENABLE_OPENAI_API, json!(self.enable_openai_api)),
            (table::OPENAI_API_BASE_URLS, json!(self.openai_api_base_urls)),
            (table::OPENAI_API_KEYS, json!(keys)),
            (table::OPENAI_API_CONFIGS, Value::Object(options)),
        ]
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
    enable_ollama_api: Nullable<bool>,
    ollama_base_urls: Vec<String>,
    ollama_api_configs: Free<ConnectionOptions>,
}

impl From<&Snapshot> for OllamaConfig {
    fn from(settings: &Snapshot) -> Self {
        Self {
            enable_ollama_api: settings.get(&table::ENABLE_OLLAMA_API).as_bool().into(),
            ollama_base_urls: texts(settings, &table::OLLAMA_BASE_URLS),
            ollama_api_configs: settings.get(&table::OLLAMA_API_CONFIGS).clone().into(),
        }
    }
}

/// The connections to Ollama servers, to be stored.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct OllamaConfigForm {
    enable_ollama_api: Option<bool>,
    ollama_base_urls: Vec<String>,
    ollama_api_configs: Free<ConnectionOptions>,
}

/// Whether the server answers.
#[derive(Object)]
struct OllamaStatus {
    /// Always true.
    status: bool,
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

    /// Reads the connections to Ollama servers.
    #[oai(path = "/config", method = "get", operation_id = "ollama_get_config")]
    async fn config(&self, _admin: Admin) -> Json<OllamaConfig> {
        Json(OllamaConfig::from(&**self.models.settings().current()))
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
        form: Body<OllamaConfigForm>,
    ) -> ModelResult<Json<OllamaConfig>> {
        let changes = [
            (table::ENABLE_OLLAMA_API, json!(form.0.enable_ollama_api)),
            (table::OLLAMA_BASE_URLS, json!(form.0.ollama_base_urls)),
            (table::OLLAMA_API_CONFIGS, form.0.ollama_api_configs.into_value()),
        ];
        let settings = self
            .models
            .settings()
            .change(&changes)
            .await
            .map_err(ApiError::from)?;
        Ok(Json(OllamaConfig::from(&*settings)))
    }
}

pub(super) struct ArenaApi {
    pub(super) models: Arc<Models>,
}

/// The arenas, in which a random model answers.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct ArenaConfig {
    /// Whether arenas can be chosen.
    enable_evaluation_arena_models: Nullable<bool>,
    /// The arenas; none for one of all models.
    evaluation_arena_models: Vec<Free<ArenaModel>>,
}

impl From<&Snapshot> for ArenaConfig {
    fn from(settings: &Snapshot) -> Self {
        let arenas = settings.list(&table::EVALUATION_ARENA_MODELS).iter();
        Self {
            enable_evaluation_arena_models: settings
                .get(&table::ENABLE_EVALUATION_ARENA_MODELS)
                .as_bool()
                .into(),
            evaluation_arena_models: arenas.cloned().map(Free::from).collect(),
        }
    }
}

/// The arenas to store; what is left out stays.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct ArenaConfigForm {
    enable_evaluation_arena_models: Option<bool>,
    evaluation_arena_models: Option<Vec<Free<ArenaModel>>>,
}

#[OpenApi(prefix_path = "/api/v1/evaluations", tag = "Tag::Evaluations")]
impl ArenaApi {
    /// Reads the arenas.
    #[oai(path = "/config", method = "get", operation_id = "evaluations_get_config")]
    async fn config(&self, _admin: Admin) -> Json<ArenaConfig> {
        Json(ArenaConfig::from(&**self.models.settings().current()))
    }

    /// Changes the arenas.
    #[oai(path = "/config", method = "post", operation_id = "evaluations_update_config")]
    async fn update_config(
        &self,
        _admin: Admin,
        form: Body<ArenaConfigForm>,
    ) -> ModelResult<Json<ArenaConfig>> {
        let mut changes = Vec::new();
        if let Some(on) = form.0.enable_evaluation_arena_models {
            changes.push((table::ENABLE_EVALUATION_ARENA_MODELS, json!(on)));
        }
        if let Some(arenas) = form.0.evaluation_arena_models {
            let arenas = arenas.into_iter().map(Free::into_value).collect();
            changes.push((table::EVALUATION_ARENA_MODELS, Value::Array(arenas)));
        }
        let settings = self
            .models
            .settings()
            .change(&changes)
            .await
            .map_err(ApiError::from)?;
        Ok(Json(ArenaConfig::from(&*settings)))
    }
}
