use std::sync::Arc;

use keelson_domain::file::FileRepository;

/// The ports of files.
#[derive(Clone)]
pub struct FilePorts {
    /// Files.
    pub repository: Arc<dyn FileRepository>,
}
