use std::collections::{HashMap, HashSet};

use keelson_domain::auth::Caller;
use keelson_domain::group::{Group, GroupId};
use keelson_domain::user::{User, UserId};

use super::{GroupError, Groups};

impl Groups {
    /// The accounts in a group, in the order in which they joined.
    ///
    /// # Errors
    /// [`GroupError::Denied`].
    pub async fn members(&self, caller: &Caller, id: &GroupId) -> Result<Vec<User>, GroupError> {
        self.require_administrator(caller).await?;
        let ids = self.membership.members(id).await?;
        let users = self.users.find_many(&ids).await?;
        let mut users: HashMap<UserId, User> =
            users.into_iter().map(|user| (user.id.clone(), user)).collect();
        Ok(ids.iter().filter_map(|id| users.remove(id)).collect())
    }

    /// Adds accounts to a group; those that do not exist are left out.
    ///
    /// # Errors
    /// [`GroupError::Denied`], [`GroupError::NotFound`].
    pub async fn add_members(
        &self,
        caller: &Caller,
        id: &GroupId,
        users: Vec<UserId>,
    ) -> Result<(Group, i64), GroupError> {
        self.require_administrator(caller).await?;
        self.find(id).await?;
        let known = self.users.find_many(&users).await?;
        let known: HashSet<UserId> = known.into_iter().map(|user| user.id).collect();
        for user in users.iter().filter(|user| known.contains(user)) {
            let row = self.ids.uuid().to_string();
            self.membership
                .add_member(id, user, &row, self.clock.now())
                .await?;
            self.access.forget(user);
        }
        self.find(id).await
    }

    /// Removes accounts from a group.
    ///
    /// # Errors
    /// [`GroupError::Denied`], [`GroupError::NotFound`].
    pub async fn remove_members(
        &self,
        caller: &Caller,
        id: &GroupId,
        users: Vec<UserId>,
    ) -> Result<(Group, i64), GroupError> {
        self.require_administrator(caller).await?;
        self.membership.remove_members(id, &users).await?;
        self.access.forget_all();
        self.find(id).await
    }
}
