//! Who may do what: loads a caller's [`Access`], once a request.

use std::sync::Arc;
use std::time::Duration;

use keelson_domain::access::{Access, AccessPolicy, Permissions};
use keelson_domain::auth::Caller;
use keelson_domain::config::table;
use keelson_domain::group::{Group, GroupMembership};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::{User, UserId};
use moka::sync::Cache;

use crate::Ports;
use crate::config::Settings;

/// How long an account's groups may be reused without asking the database. Changes made here are seen at once; those
/// made on other instances within this time, like changes of accounts.
const MEMBERSHIP_LIFE: Duration = Duration::from_secs(2);
/// Accounts whose groups are kept at most.
const MEMBERSHIPS: u64 = 10_000;

/// Loads what accounts may do.
pub struct AccessControl {
    groups: Arc<dyn GroupMembership>,
    settings: Arc<Settings>,
    policy: AccessPolicy,
    memberships: Cache<UserId, Arc<Vec<Group>>>,
}

impl AccessControl {
    /// From the ports it needs.
    pub fn new(ports: &Ports, settings: Arc<Settings>, policy: AccessPolicy) -> Self {
        Self::with_groups(ports.identity.group.membership.clone(), settings, policy)
    }

    /// From the groups that accounts are in.
    pub fn with_groups(
        groups: Arc<dyn GroupMembership>,
        settings: Arc<Settings>,
        policy: AccessPolicy,
    ) -> Self {
        Self {
            groups,
            settings,
            policy,
            memberships: Cache::builder()
                .max_capacity(MEMBERSHIPS)
                .time_to_live(MEMBERSHIP_LIFE)
                .build(),
        }
    }

    /// What a caller may do: loaded by the first who asks, and the same for the rest of the request.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(&self, caller: &Caller) -> StoreResult<Arc<Access>> {
        if let Some(access) = caller.loaded_access() {
            return Ok(access);
        }
        let access = self.of_user(&caller.user).await?;
        Ok(caller.keep_access(Arc::new(access)))
    }

    /// What an account may do now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of_user(&self, user: &User) -> StoreResult<Access> {
        let groups = self.memberships(&user.id).await?;
        let of_groups = groups.iter().filter_map(|group| group.permissions.clone());
        let permissions = {
            let settings = self.settings.current();
            Permissions::new(settings.get(&table::USER_PERMISSIONS), of_groups)
        };
        let ids = groups.iter().map(|group| group.id.clone()).collect();
        Ok(Access::new(user, ids, permissions, self.policy))
    }

    /// Forgets the groups of an account, after they were changed.
    pub fn forget(&self, user: &UserId) {
        self.memberships.invalidate(user);
    }

    /// Forgets the groups of every account, after a group was changed.
    pub fn forget_all(&self) {
        self.memberships.invalidate_all();
    }

    async fn memberships(&self, user: &UserId) -> StoreResult<Arc<Vec<Group>>> {
        if let Some(groups) = self.memberships.get(user) {
            return Ok(groups);
        }
        let groups = Arc::new(self.groups.of_user(user).await?);
        self.memberships.insert(user.clone(), groups.clone());
        Ok(groups)
    }
}
