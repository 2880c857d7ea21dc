use std::sync::Arc;

use keelson_domain::model::{ModelProvider, ModelRepository};

/// The ports of models.
#[derive(Clone)]
pub struct ModelPorts {
    /// Models of the workspace.
    pub repository: Arc<dyn ModelRepository>,
    /// Speaks the OpenAI protocol.
    pub openai: Arc<dyn ModelProvider>,
    /// The built-in offline model.
    pub demo: Arc<dyn ModelProvider>,
}
