use std::sync::Arc;

use super::TagRepository;

/// The ports of tags.
#[derive(Clone)]
pub struct TagPorts {
    /// Tags of chats.
    pub repository: Arc<dyn TagRepository>,
}
