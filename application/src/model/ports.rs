use std::sync::Arc;

use keelson_domain::model::{ModelLists, ModelProvider, ModelRepository};

/// The ports of models.
#[derive(Clone)]
pub struct ModelPorts {
    /// Models of the workspace.
    pub repository: Arc<dyn ModelRepository>,
    /// Their lists.
    pub lists: Arc<dyn ModelLists>,
    /// Speaks the OpenAI protocol.
    pub openai: Arc<dyn ModelProvider>,
    /// The built-in offline model.
    pub demo: Arc<dyn ModelProvider>,
}
