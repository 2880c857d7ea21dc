use keelson_domain::auth::{AccessControl, Caller, Right};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use serde_json::Value;

use super::Workspace;

/// What a caller may do with shared things.
pub(super) struct Access {
    caller: UserId,
    groups: Vec<String>,
    /// Whether the caller is an admin to whom the workspace is open.
    everything: bool,
}

impl Access {
    /// Whether the caller owns a thing, is let in by its rules, or may do everything.
    pub(super) fn may(&self, right: Right, owner: &UserId, rules: Option<&Value>) -> bool {
        self.everything
            || *owner == self.caller
            || AccessControl(rules).grants(right, &self.caller, &self.groups)
    }
}

impl Workspace {
    pub(super) async fn group_ids(&self, caller: &Caller) -> StoreResult<Vec<String>> {
        let groups = self.groups.of_user(caller.id()).await?;
        Ok(groups.into_iter().map(|group| group.id.into_string()).collect())
    }

    pub(super) async fn access(&self, caller: &Caller) -> StoreResult<Access> {
        Ok(Access {
            caller: caller.id().clone(),
            groups: self.group_ids(caller).await?,
            everything: caller.is_admin() && self.deployment.access.bypass_admin_access_control,
        })
    }
}
