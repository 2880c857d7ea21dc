use std::sync::Arc;

use keelson_application::generation::{GenerationError, GenerationInput, GenerationKind, Generations};
use keelson_domain::auth::Caller;
use poem::IntoResponse;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Union};
use serde_json::{Map, Value};

use super::Tag;
use super::config::TaskConfig;
use super::error::GenerationResult;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiError;
use crate::json::{Declared, Extra};
use crate::provider::{self, ChatCompletion, ChatMessage, RelayedBody};
use crate::raw::{EventStream, JsonText, Raw};
use crate::settings_form::{in_force, save};

pub(super) struct GenerationApi {
    pub(super) generations: Arc<Generations>,
}

/// What a text is generated from.
#[derive(Object)]
struct GenerationForm {
    /// The model of the conversation; the task model that belongs to it answers.
    model: String,
    /// The conversation, oldest message first.
    messages: Option<Vec<ChatMessage>>,
    /// The text in question; the user's last message when left out.
    prompt: Option<String>,
    /// Of queries: `web_search` or `retrieval`. Of autocompletions: what kind of text it is.
    #[oai(rename = "type")]
    kind: Option<String>,
    /// The answers to merge.
    responses: Option<Vec<String>>,
    /// The chat, which providers may be told of.
    chat_id: Option<String>,
    /// Whether the merged answer comes as server-sent events.
    stream: Option<bool>,
    #[oai(flatten)]
    extra: Extra,
}

/// A completion whose text is the JSON object that the prompt asks for, or a note that the generation is disabled.
#[derive(Union)]
#[expect(clippy::large_enum_variant, reason = "one an answer, written at once")]
enum GenerationAnswer {
    /// The completion.
    Completion(ChatCompletion),
    /// The note.
    Disabled(DisabledGeneration),
}

/// A generation that an administrator disabled.
#[derive(Object)]
struct DisabledGeneration {
    /// What is disabled.
    detail: String,
}

/// A generated text.
type Generated = Raw<JsonText<GenerationAnswer>>;

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
    async fn generate<M>(
        &self,
        caller: &Caller,
        kind: GenerationKind,
        body: &Map<String, Value>,
    ) -> GenerationResult<Raw<M>> {
        let mut input = input(body);
        input.stream &= kind == GenerationKind::Merge;
        let response = match self.generations.generate(caller, kind, &input).await {
            Ok(reply) => provider::relay(reply),
            Err(error @ GenerationError::Disabled(_)) => Json(DisabledGeneration {
                detail: error.to_string(),
            })
            .into_response(),
            Err(error) => return Err(error.into()),
        };
        Ok(response.into())
    }
}

#[OpenApi(prefix_path = "/api/v1/tasks", tag = "Tag::Tasks")]
impl GenerationApi {
    /// Reads the settings of background generations.
    #[oai(path = "/config", method = "get", operation_id = "tasks_get_config")]
    async fn config(&self, _caller: VerifiedUser) -> Json<Declared<TaskConfig>> {
        Json(in_force(&self.generations.settings().current()))
    }

    /// Replaces the settings of background generations.
    #[oai(
        path = "/config/update",
        method = "post",
        operation_id = "tasks_update_config"
    )]
    async fn update_config(
        &self,
        _admin: Admin,
        form: Body<TaskConfig>,
    ) -> GenerationResult<Json<Declared<TaskConfig>>> {
        let saved = save(self.generations.settings(), &form.0).await;
        Ok(Json(saved.map_err(ApiError::from)?))
    }

    /// Generates the title of a chat.
    #[oai(
        path = "/title/completions",
        method = "post",
        operation_id = "tasks_generate_title"
    )]
    async fn title(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::Title, &body.0).await
    }

    /// Generates the tags of a chat.
    #[oai(
        path = "/tags/completions",
        method = "post",
        operation_id = "tasks_generate_tags"
    )]
    async fn tags(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::Tags, &body.0).await
    }

    /// Generates questions that the user may ask next.
    #[oai(
        path = "/follow_up/completions",
        method = "post",
        operation_id = "tasks_generate_follow_ups"
    )]
    async fn follow_ups(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::FollowUps, &body.0).await
    }

    /// Generates search queries, for the web or for knowledge by `type`.
    #[oai(
        path = "/queries/completions",
        method = "post",
        operation_id = "tasks_generate_queries"
    )]
    async fn queries(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        let kind = match body.0.get("type").and_then(Value::as_str) {
            Some("web_search") => GenerationKind::WebQueries,
            Some("retrieval") => GenerationKind::RetrievalQueries,
            _ => return Err(ApiError::bad_request("\"type\" must be web_search or retrieval.").into()),
        };
        self.generate(&caller.0, kind, &body.0).await
    }

    /// Completes an unfinished text.
    #[oai(
        path = "/auto/completions",
        method = "post",
        operation_id = "tasks_generate_autocompletion"
    )]
    async fn autocompletion(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::Autocomplete, &body.0)
            .await
    }

    /// Finds an emoji for a text.
    #[oai(
        path = "/emoji/completions",
        method = "post",
        operation_id = "tasks_generate_emoji"
    )]
    async fn emoji(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::Emoji, &body.0).await
    }

    /// Generates a prompt for image generation.
    #[oai(
        path = "/image_prompt/completions",
        method = "post",
        operation_id = "tasks_generate_image_prompt"
    )]
    async fn image_prompt(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Generated> {
        self.generate(&caller.0, GenerationKind::ImagePrompt, &body.0)
            .await
    }

    /// Merges the answers of several models.
    #[oai(
        path = "/moa/completions",
        method = "post",
        operation_id = "tasks_merge_answers"
    )]
    async fn merge(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<GenerationForm>,
    ) -> GenerationResult<Raw<(JsonText<ChatCompletion>, EventStream)>> {
        self.generate(&caller.0, GenerationKind::Merge, &body.0).await
    }
}
