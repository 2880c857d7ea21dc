use std::sync::Arc;

use keelson_application::task::Tasks;
use keelson_domain::task::TaskId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

pub(super) struct TaskApi {
    pub(super) tasks: Arc<Tasks>,
}

/// Running tasks.
#[derive(Object)]
struct TaskList {
    /// Their ids.
    tasks: Vec<String>,
}

/// The running tasks of a chat.
#[derive(Object)]
struct ChatTasks {
    task_ids: Vec<String>,
}

/// What became of a request to stop a task.
#[derive(Object)]
struct StoppedTask {
    /// Whether there was such a task.
    status: bool,
    /// The same in words.
    message: String,
}

fn texts(ids: Vec<TaskId>) -> Vec<String> {
    ids.into_iter().map(TaskId::into_string).collect()
}

#[OpenApi(prefix_path = "/api/tasks", tag = "Tag::Tasks")]
impl TaskApi {
    /// Lists the running tasks: all for administrators, for others their own.
    #[oai(path = "/", method = "get", operation_id = "tasks_list")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<TaskList>> {
        let tasks = texts(self.tasks.list(&caller.0).await?);
        Ok(Json(TaskList { tasks }))
    }

    /// Lists the running tasks of a chat of the caller.
    #[oai(path = "/chat/:chat_id", method = "get", operation_id = "tasks_list_of_chat")]
    async fn list_of_chat(
        &self,
        caller: VerifiedUser,
        /// The chat.
        chat_id: Path<String>,
    ) -> ApiResult<Json<ChatTasks>> {
        let task_ids = texts(self.tasks.of_item(&caller.0, &chat_id.0).await?);
        Ok(Json(ChatTasks { task_ids }))
    }

    /// Stops a task of the caller; administrators stop any.
    #[oai(path = "/stop/:task_id", method = "post", operation_id = "tasks_stop")]
    async fn stop(
        &self,
        caller: VerifiedUser,
        /// The task.
        task_id: Path<String>,
    ) -> ApiResult<Json<StoppedTask>> {
        let id = TaskId::new(task_id.0);
        let status = self.tasks.stop(&caller.0, &id).await?;
        let message = match status {
            true => format!("Task {id} was stopped."),
            false => format!("There is no task {id}."),
        };
        Ok(Json(StoppedTask { status, message }))
    }
}
