use std::sync::Arc;

use keelson_domain::task::{TaskDirectory, TaskSignals};

/// The ports of running tasks.
#[derive(Clone)]
pub struct TaskPorts {
    /// Running tasks.
    pub directory: Arc<dyn TaskDirectory>,
    /// Stop commands.
    pub signals: Arc<dyn TaskSignals>,
}
