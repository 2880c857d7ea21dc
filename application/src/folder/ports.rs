use std::sync::Arc;

use keelson_domain::folder::FolderRepository;

/// The ports of folders.
#[derive(Clone)]
pub struct FolderPorts {
    /// Folders of chats.
    pub repository: Arc<dyn FolderRepository>,
}
