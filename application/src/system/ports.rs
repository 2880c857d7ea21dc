use std::sync::Arc;

use keelson_domain::system::{OperatorDocuments, StorageHealth};

/// The ports of the server itself.
#[derive(Clone)]
pub struct SystemPorts {
    /// Whether the database answers.
    pub storage_health: Arc<dyn StorageHealth>,
    /// Documents that the operator named.
    pub documents: Arc<dyn OperatorDocuments>,
}
