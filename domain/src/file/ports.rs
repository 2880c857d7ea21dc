use std::sync::Arc;

use async_trait::async_trait;

use super::File;
use crate::access::OwnerScope;
use crate::shared::StoreResult;

/// Keeps what is known of files.
#[async_trait]
pub trait FileRepository: Send + Sync {
    /// The files of these owners, oldest first; their text, which may be long, is read where `content` says so.
    async fn list(&self, owners: &OwnerScope, content: bool) -> StoreResult<Vec<File>>;
}

/// The ports of files.
#[derive(Clone)]
pub struct FilePorts {
    /// Files.
    pub repository: Arc<dyn FileRepository>,
}
