use std::sync::Arc;

use keelson_domain::knowledge::KnowledgeRepository;

/// The ports of knowledge.
#[derive(Clone)]
pub struct KnowledgePorts {
    /// Collections of files.
    pub repository: Arc<dyn KnowledgeRepository>,
}
