use std::sync::Arc;

use keelson_application::completion::{Completions, Outcome};
use keelson_application::model::Models;
use keelson_domain::auth::Caller;
use poem::IntoResponse;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::{Map, Value, json};

use super::relay;
use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::error::{ApiError, ApiResult};
use crate::json::JsonObject;
use crate::raw::{AnyFile, Raw};

/// Operations that ask models.
pub struct CompletionApi {
    /// The use cases.
    pub completions: Arc<Completions>,
    /// Which models there are.
    pub models: Arc<Models>,
}

impl CompletionApi {
    async fn completed(&self, caller: &Caller, body: Map<String, Value>) -> ApiResult<Raw<AnyFile>> {
        Ok(Raw::from(match self.completions.complete(caller, body).await? {
            Outcome::Reply(reply) => relay::reply(reply),
            Outcome::Task(id) => poem::web::Json(json!({"status": true, "task_id": id})).into_response(),
        }))
    }
}

#[OpenApi]
impl CompletionApi {
    /// Completes a chat: relays the answer, or starts a task that tells the pages of it.
    #[oai(path = "/api/chat/completions", method = "post")]
    async fn complete(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.completed(&caller.0, body.0.0).await
    }

    /// The same under its other name.
    #[oai(path = "/api/v1/chat/completions", method = "post", hidden = true)]
    async fn complete_v1(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.completed(&caller.0, body.0.0).await
    }

    /// A client says that it has the whole answer. Filters, which may change it now, are not there yet.
    #[oai(path = "/api/chat/completed", method = "post")]
    async fn after(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Json<Value>> {
        let model = body.0.0.get("model").and_then(Value::as_str).unwrap_or_default();
        self.models
            .resolve(&caller.0, model)
            .await
            .map_err(|error| ApiError::bad_request(error.to_string()))?;
        Ok(Json(Value::Object(body.0.0)))
    }

    /// Runs an action on a message. No functions run yet, so that there are no actions.
    #[oai(path = "/api/chat/actions/:action_id", method = "post")]
    async fn act(
        &self,
        _caller: VerifiedUser,
        action_id: Path<String>,
        _body: Body<JsonObject>,
    ) -> ApiResult<Json<Value>> {
        Err(ApiError::bad_request(format!(
            "There is no action {}.",
            action_id.0
        )))
    }
}
