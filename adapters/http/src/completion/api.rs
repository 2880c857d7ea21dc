use std::sync::Arc;

use keelson_application::completion::{Completions, Outcome};
use keelson_domain::auth::Caller;
use poem::IntoResponse;
use poem::http::StatusCode;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::{Map, Value};

use super::Tag;
use super::dto::{ActionForm, ActionResult, CompletedAnswer, CompletedForm, CompletionAnswer, StartedTask};
use super::error::CompletionResult;
use crate::caller::VerifiedUser;
use crate::error::ApiError;
use crate::json::Free;
use crate::provider::{self, ChatCompletionForm, RelayedBody};
use crate::raw::{EventStream, JsonText, Raw};

/// A completion, its stream, or the task that runs it.
type Completion = Raw<(JsonText<CompletionAnswer>, EventStream)>;

pub(super) struct CompletionApi {
    pub(super) completions: Arc<Completions>,
}

impl CompletionApi {
    async fn complete(&self, caller: &Caller, body: Map<String, Value>) -> CompletionResult<Completion> {
        let response = match self.completions.complete(caller, body).await? {
            Outcome::Reply(reply) => provider::relay(reply),
            Outcome::Task(id) => Json(StartedTask::from(id)).into_response(),
        };
        Ok(response.into())
    }
}

#[OpenApi(tag = "Tag::Completions")]
impl CompletionApi {
    /// Completes a chat.
    ///
    /// Relays the provider's answer, as server-sent events with `stream`. With `chat_id`, `id` and `session_id` it starts a
    /// task that writes the answer to the chat and emits it to the user's socket connections.
    #[oai(
        path = "/api/chat/completions",
        method = "post",
        operation_id = "completions_create"
    )]
    async fn create(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<ChatCompletionForm>,
    ) -> CompletionResult<Completion> {
        self.complete(&caller.0, body.0).await
    }

    /// Completes a chat, under the path that OpenAI's clients append.
    ///
    /// The same as `/api/chat/completions`.
    #[oai(
        path = "/api/v1/chat/completions",
        method = "post",
        operation_id = "completions_create_v1"
    )]
    async fn create_v1(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<ChatCompletionForm>,
    ) -> CompletionResult<Completion> {
        self.complete(&caller.0, body.0).await
    }

    /// Processes an answer that the client has received completely.
    ///
    /// Answers the document with the changes of filter functions. This server runs no functions yet, so nothing changes.
    #[oai(
        path = "/api/chat/completed",
        method = "post",
        operation_id = "completions_finish"
    )]
    async fn finish(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<CompletedForm>,
    ) -> CompletionResult<Json<Free<CompletedAnswer>>> {
        let document = self.completions.process_completed(&caller.0, body.0).await?;
        Ok(Json(Value::Object(document).into()))
    }

    /// Runs an action function on a message.
    ///
    /// This server runs no functions yet: it answers 501 for actions that exist.
    #[oai(
        path = "/api/chat/actions/:action_id",
        method = "post",
        operation_id = "completions_run_action"
    )]
    async fn run_action(
        &self,
        caller: VerifiedUser,
        /// The function, or `{function}.{action}` where it has several.
        action_id: Path<String>,
        _body: RelayedBody<ActionForm>,
    ) -> CompletionResult<Json<Free<ActionResult>>> {
        let action = self.completions.find_action(&caller.0, &action_id.0).await?;
        let detail = format!(
            "The action {} exists, but this server does not run functions yet.",
            action.id
        );
        Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, detail).into())
    }
}
