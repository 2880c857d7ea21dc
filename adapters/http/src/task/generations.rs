use std::sync::Arc;

use keelson_application::generation::{GenerationError, GenerationInput, GenerationKind, Generations};
use poem::IntoResponse;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use serde_json::{Map, Value, json};

use super::config::{TaskConfigForm, shown};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::completion::relay;
use crate::error::{ApiError, ApiResult};
use crate::json::JsonObject;
use crate::raw::{AnyFile, Raw};

/// Operations that let models write small things.
pub struct GenerationApi {
    /// The use cases.
    pub generations: Arc<Generations>,
}

fn input(body: &Map<String, Value>) -> GenerationInput {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    GenerationInput {
        model: text("model").unwrap_or_default(),
        messages: list("messages"),
        prompt: text("prompt"),
        kind: text("type"),
        responses: list("responses")
            .into_iter()
            .filter_map(|response| response.as_str().map(str::to_owned))
            .collect(),
        chat_id: text("chat_id"),
        stream: body.get("stream") == Some(&Value::Bool(true)),
    }
}

impl GenerationApi {
    async fn write(
        &self,
        caller: VerifiedUser,
        kind: GenerationKind,
        body: &Map<String, Value>,
    ) -> ApiResult<Raw<AnyFile>> {
        let mut input = input(body);
        input.stream &= kind == GenerationKind::Merge;
        match self.generations.generate(&caller.0, kind, &input).await {
            Ok(reply) => Ok(Raw::from(relay::reply(reply))),
            Err(GenerationError::Disabled(what)) => {
                let document = json!({"detail": format!("{what} is disabled")});
                Ok(Raw::from(poem::web::Json(document).into_response()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[OpenApi]
impl GenerationApi {
    /// The settings of background generations.
    #[oai(path = "/api/v1/tasks/config", method = "get")]
    async fn config(&self, _caller: VerifiedUser) -> Json<Value> {
        Json(shown(&self.generations.settings().current()))
    }

    /// Sets them.
    #[oai(path = "/api/v1/tasks/config/update", method = "post")]
    async fn set_config(&self, _admin: Admin, body: Body<TaskConfigForm>) -> ApiResult<Json<Value>> {
        let settings = self.generations.settings().change(&body.0.changes()).await?;
        Ok(Json(shown(&settings)))
    }

    /// Writes a title.
    #[oai(path = "/api/v1/tasks/title/completions", method = "post")]
    async fn title(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::Title, &body.0.0).await
    }

    /// Writes tags.
    #[oai(path = "/api/v1/tasks/tags/completions", method = "post")]
    async fn tags(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::Tags, &body.0.0).await
    }

    /// Writes what the user may ask next.
    #[oai(path = "/api/v1/tasks/follow_up/completions", method = "post")]
    async fn follow_up(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::FollowUps, &body.0.0).await
    }

    /// Writes what to look up, for `type` `web_search` or `retrieval`.
    #[oai(path = "/api/v1/tasks/queries/completions", method = "post")]
    async fn queries(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        let kind = match body.0.0.get("type").and_then(Value::as_str) {
            Some("web_search") => GenerationKind::WebQueries,
            Some("retrieval") => GenerationKind::RetrievalQueries,
            _ => return Err(ApiError::bad_request("\"type\" must be web_search or retrieval.")),
        };
        self.write(caller, kind, &body.0.0).await
    }

    /// Completes an unfinished text.
    #[oai(path = "/api/v1/tasks/auto/completions", method = "post")]
    async fn auto(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::Autocomplete, &body.0.0).await
    }

    /// Finds an emoji.
    #[oai(path = "/api/v1/tasks/emoji/completions", method = "post")]
    async fn emoji(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::Emoji, &body.0.0).await
    }

    /// Describes a picture.
    #[oai(path = "/api/v1/tasks/image_prompt/completions", method = "post")]
    async fn image_prompt(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::ImagePrompt, &body.0.0).await
    }

    /// Makes one answer of several.
    #[oai(path = "/api/v1/tasks/moa/completions", method = "post")]
    async fn moa(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.write(caller, GenerationKind::Merge, &body.0.0).await
    }
}
