use std::sync::Arc;

use keelson_domain::function::FunctionRepository;

/// The ports of functions.
#[derive(Clone)]
pub struct FunctionPorts {
    /// Functions.
    pub repository: Arc<dyn FunctionRepository>,
}
