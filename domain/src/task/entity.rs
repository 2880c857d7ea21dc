use crate::shared::TextId;
use crate::user::UserId;

/// Identifies a running task.
pub type TaskId = TextId<RunningTask>;

/// A task as the directory knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningTask {
    /// Identity.
    pub id: TaskId,
    /// Who started it, where known: an entry made by the reference has none.
    pub owner: Option<UserId>,
    /// What it works on: a chat id.
    pub item: Option<String>,
}
