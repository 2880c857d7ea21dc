use std::sync::Arc;

use keelson_application::model::{ConnectionTest, Models};
use keelson_domain::config::{Snapshot, table};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Map, Value, json};

use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::completion::relay;
use crate::error::{ApiError, ApiResult};
use crate::json::JsonObject;
use crate::raw::{AnyFile, Raw};

/// Operations on connections that speak the OpenAI protocol, and the switch of those that speak Ollama's.
pub struct OpenAiApi {
    /// The use cases.
    pub models: Arc<Models>,
}

/// All connections.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct OpenAIConfigForm {
    enable_openai_api: Option<bool>,
    openai_api_base_urls: Vec<String>,
    openai_api_keys: Vec<String>,
    openai_api_configs: JsonObject,
}

/// One connection, to be tried.
#[derive(Object)]
struct ConnectionVerificationForm {
    url: String,
    key: String,
    config: Option<JsonObject>,
}

fn shown(settings: &Snapshot) -> Value {
    json!({
        "ENABLE_OPENAI_API": settings.get(&table::ENABLE_OPENAI_API),
        "OPENAI_API_BASE_URLS": settings.get(&table::OPENAI_API_BASE_URLS),
        "OPENAI_API_KEYS": settings.get(&table::OPENAI_API_KEYS),
        "OPENAI_API_CONFIGS": settings.get(&table::OPENAI_API_CONFIGS),
    })
}

/// As many keys as addresses, and options of addresses only.
fn fitted(form: OpenAIConfigForm) -> [(keelson_domain::config::Setting, Value); 4] {
    let count = form.openai_api_base_urls.len();
    let mut keys = form.openai_api_keys;
    keys.resize(count, String::new());
    let known = |name: &str| name.parse::<usize>().is_ok_and(|index| index < count);
    let options: Map<String, Value> = form
        .openai_api_configs
        .0
        .into_iter()
        .filter(|(name, _)| known(name))
        .collect();
    [
        (table::ENABLE_OPENAI_API, json!(form.enable_openai_api)),
        (table::OPENAI_API_BASE_URLS, json!(form.openai_api_base_urls)),
        (table::OPENAI_API_KEYS, json!(keys)),
        (table::OPENAI_API_CONFIGS, Value::Object(options)),
    ]
}

#[OpenApi]
impl OpenAiApi {
    /// All connections.
    #[oai(path = "/openai/config", method = "get")]
    async fn config(&self, _admin: Admin) -> Json<Value> {
        Json(shown(&self.models.settings().current()))
    }

    /// Sets all connections.
    #[oai(path = "/openai/config/update", method = "post")]
    async fn set_config(&self, _admin: Admin, body: Body<OpenAIConfigForm>) -> ApiResult<Json<Value>> {
        let settings = self.models.settings().change(&fitted(body.0)).await?;
        Ok(Json(shown(&settings)))
    }

    /// Tries a connection; answers what its provider lists.
    #[oai(path = "/openai/verify", method = "post")]
    async fn verify(&self, admin: Admin, body: Body<ConnectionVerificationForm>) -> ApiResult<Json<Value>> {
        let test = ConnectionTest {
            url: body.0.url,
            key: body.0.key.into(),
            options: body.0.config.unwrap_or_default().0,
        };
        let models = self.models.test_connection(&admin.0, test).await;
        let models = models.map_err(|error| relay::error(&error))?;
        Ok(Json(json!({"object": "list", "data": models})))
    }

    /// The models of all connections.
    #[oai(path = "/openai/models", method = "get")]
    async fn models(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(
            json!({"data": self.models.list_provider_models(&caller.0).await?}),
        ))
    }

    /// What the provider of one connection lists.
    #[oai(path = "/openai/models/:url_idx", method = "get")]
    async fn models_of(&self, caller: VerifiedUser, url_idx: Path<usize>) -> ApiResult<Json<Value>> {
        let models = self.models.list_connection_models(&caller.0, url_idx.0).await?;
        let models = models.map_err(|error| relay::error(&error))?;
        Ok(Json(json!({"object": "list", "data": models})))
    }

    /// Completes a chat as the provider of the model does.
    #[oai(path = "/openai/chat/completions", method = "post")]
    async fn complete(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        let reply = self.models.relay(&caller.0, body.0.0).await?;
        Ok(Raw::from(relay::reply(
            reply.map_err(|error| relay::error(&error))?,
        )))
    }

    /// Whether connections that speak Ollama's protocol are on; that protocol is not spoken yet.
    #[oai(path = "/ollama/config", method = "get")]
    async fn ollama(&self, _admin: Admin) -> Json<Value> {
        let settings = self.models.settings().current();
        Json(json!({
            "ENABLE_OLLAMA_API": settings.get(&table::ENABLE_OLLAMA_API),
            "OLLAMA_BASE_URLS": settings.get(&table::OLLAMA_BASE_URLS),
            "OLLAMA_API_CONFIGS": settings.get(&table::OLLAMA_API_CONFIGS),
        }))
    }

    /// Sets the connections that speak Ollama's protocol.
    #[oai(path = "/ollama/config/update", method = "post")]
    async fn set_ollama(&self, admin: Admin, body: Body<OllamaConfigForm>) -> ApiResult<Json<Value>> {
        let changes = [
            (table::ENABLE_OLLAMA_API, json!(body.0.enable_ollama_api)),
            (table::OLLAMA_BASE_URLS, json!(body.0.ollama_base_urls)),
            (
                table::OLLAMA_API_CONFIGS,
                Value::Object(body.0.ollama_api_configs.0),
            ),
        ];
        self.models
            .settings()
            .change(&changes)
            .await
            .map_err(ApiError::from)?;
        Ok(self.ollama(admin).await)
    }

    /// Which models fight in arenas.
    #[oai(path = "/api/v1/evaluations/config", method = "get")]
    async fn arenas(&self, _admin: Admin) -> Json<Value> {
        let settings = self.models.settings().current();
        Json(json!({
            "ENABLE_EVALUATION_ARENA_MODELS": settings.get(&table::ENABLE_EVALUATION_ARENA_MODELS),
            "EVALUATION_ARENA_MODELS": settings.get(&table::EVALUATION_ARENA_MODELS),
        }))
    }

    /// Sets which models fight in arenas.
    #[oai(path = "/api/v1/evaluations/config", method = "post")]
    async fn set_arenas(&self, admin: Admin, body: Body<ArenaConfigForm>) -> ApiResult<Json<Value>> {
        let mut changes = Vec::new();
        if let Some(on) = body.0.enable_evaluation_arena_models {
            changes.push((table::ENABLE_EVALUATION_ARENA_MODELS, json!(on)));
        }
        if let Some(arenas) = body.0.evaluation_arena_models {
            let arenas = arenas.into_iter().map(|arena| Value::Object(arena.0)).collect();
            changes.push((table::EVALUATION_ARENA_MODELS, Value::Array(arenas)));
        }
        self.models
            .settings()
            .change(&changes)
            .await
            .map_err(ApiError::from)?;
        Ok(self.arenas(admin).await)
    }
}

/// The connections that speak Ollama's protocol.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct OllamaConfigForm {
    enable_ollama_api: Option<bool>,
    ollama_base_urls: Vec<String>,
    ollama_api_configs: JsonObject,
}

/// The arenas.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct ArenaConfigForm {
    enable_evaluation_arena_models: Option<bool>,
    evaluation_arena_models: Option<Vec<JsonObject>>,
}
