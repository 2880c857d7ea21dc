use std::sync::Arc;

use keelson_domain::prompt::PromptRepository;

/// The ports of prompts.
#[derive(Clone)]
pub struct PromptPorts {
    /// Prompts.
    pub repository: Arc<dyn PromptRepository>,
}
