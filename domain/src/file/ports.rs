use async_trait::async_trait;

use super::File;
use crate::shared::StoreResult;
use crate::user::UserId;

/// A question for files.
#[derive(Debug, Clone, Default)]
pub struct FileQuery {
    /// Whose; everyone's without.
    pub owner: Option<UserId>,
    /// Whether the text of the files is read, too. It may be long.
    pub content: bool,
}

/// Keeps what is known of files.
#[async_trait]
pub trait FileRepository: Send + Sync {
    /// The files that a question finds, oldest first.
    async fn list(&self, query: &FileQuery) -> StoreResult<Vec<File>>;
}
