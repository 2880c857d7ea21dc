use std::sync::Arc;

use keelson_domain::tool::ToolRepository;

/// The ports of tools.
#[derive(Clone)]
pub struct ToolPorts {
    /// Tools.
    pub repository: Arc<dyn ToolRepository>,
}
