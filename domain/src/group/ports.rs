use std::sync::Arc;

use super::{GroupMembership, GroupRepository};

/// The ports of groups.
#[derive(Clone)]
pub struct GroupPorts {
    /// Groups, as admins manage them.
    pub repository: Arc<dyn GroupRepository>,
    /// Who is in which group.
    pub membership: Arc<dyn GroupMembership>,
}
