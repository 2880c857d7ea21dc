use keelson_domain::task::TaskId;
use poem_openapi::{Object, Union};

use crate::json::{Column, Extra};
use crate::provider::ChatCompletion;

/// A completion, or the task that runs it.
#[derive(Union)]
#[expect(clippy::large_enum_variant, reason = "one an answer, written at once")]
pub(super) enum CompletionAnswer {
    /// The completion.
    Completion(ChatCompletion),
    /// The task.
    Task(StartedTask),
}

/// The task of a completion that is written to its chat and emitted to the user's socket connections.
#[derive(Object)]
pub(super) struct StartedTask {
    /// Always true.
    status: bool,
    /// Identity; `/api/tasks/stop/{task_id}` stops it.
    task_id: String,
}

impl From<TaskId> for StartedTask {
    fn from(id: TaskId) -> Self {
        Self {
            status: true,
            task_id: id.to_string(),
        }
    }
}

/// An answer that a client has received.
#[derive(Object)]
pub(super) struct CompletedForm {
    /// The model that answered.
    model: Option<String>,
    #[oai(flatten)]
    extra: Extra,
}

/// A request to run an action.
#[derive(Object)]
pub(super) struct ActionForm {
    #[oai(flatten)]
    extra: Extra,
}

/// A received answer.
pub(super) struct CompletedAnswer;

impl Column for CompletedAnswer {
    const NAME: &'static str = "CompletedAnswer";
    const DESCRIPTION: &'static str =
        "The answer as the client sent it, changed by the outlets of filter functions.";
}

/// What an action answers.
pub(super) struct ActionResult;

impl Column for ActionResult {
    const NAME: &'static str = "ActionResult";
    const DESCRIPTION: &'static str = "What the action function answers, of its own shape.";
}
