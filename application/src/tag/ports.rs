use std::sync::Arc;

use keelson_domain::tag::TagRepository;

/// The ports of tags.
#[derive(Clone)]
pub struct TagPorts {
    /// Tags of chats.
    pub repository: Arc<dyn TagRepository>,
}
