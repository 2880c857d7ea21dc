use std::sync::Arc;

use keelson_domain::model::{ModelProvider, SharedModels};

/// The ports to model providers.
#[derive(Clone)]
pub struct ProviderPorts {
    /// Speaks the OpenAI protocol.
    pub openai: Arc<dyn ModelProvider>,
    /// The built-in offline model.
    pub demo: Arc<dyn ModelProvider>,
    /// The models that instances tell each other of.
    pub shared: Arc<dyn SharedModels>,
}
