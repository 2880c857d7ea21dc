use std::sync::Arc;

use keelson_domain::user::{UserActivity, UserRepository};

/// The ports of accounts.
#[derive(Clone)]
pub struct UserPorts {
    /// Accounts.
    pub repository: Arc<dyn UserRepository>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
}
