use std::sync::Arc;

use keelson_application::task::Tasks;
use keelson_domain::task::TaskId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use crate::caller::VerifiedUser;
use crate::error::ApiResult;

/// Operations on running tasks.
pub struct TaskApi {
    /// The use cases.
    pub tasks: Arc<Tasks>,
}

#[OpenApi]
impl TaskApi {
    /// What runs: everything for admins, their own for others.
    #[oai(path = "/api/tasks", method = "get")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(json!({"tasks": self.tasks.list(&caller.0).await?})))
    }

    /// What runs on a chat of one's own.
    #[oai(path = "/api/tasks/chat/:chat_id", method = "get")]
    async fn of_chat(&self, caller: VerifiedUser, chat_id: Path<String>) -> ApiResult<Json<Value>> {
        let tasks = self.tasks.of_item(&caller.0, &chat_id.0).await?;
        Ok(Json(json!({"task_ids": tasks})))
    }

    /// Stops a task.
    #[oai(path = "/api/tasks/stop/:task_id", method = "post")]
    async fn stop(&self, caller: VerifiedUser, task_id: Path<String>) -> ApiResult<Json<Value>> {
        let id = TaskId::new(task_id.0);
        let stopped = self.tasks.stop(&caller.0, &id).await?;
        let message = if stopped {
            format!("Task {id} successfully cancelled.")
        } else {
            format!("Task with ID {id} not found.")
        };
        Ok(Json(json!({"status": stopped, "message": message})))
    }
}
