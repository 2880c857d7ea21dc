use keelson_domain::group::{Group, GroupId};
use keelson_domain::user::{User, UserId};

use super::{GroupError, Groups};

impl Groups {
    /// The accounts in a group.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn members(&self, id: &GroupId) -> Result<Vec<User>, GroupError> {
        let mut members = Vec::new();
        for user in self.membership.members(id).await? {
            members.extend(self.users.find(&user).await?);
        }
        Ok(members)
    }

    /// Puts accounts into a group; those that do not exist are left out.
    ///
    /// # Errors
    /// [`GroupError::NotFound`].
    pub async fn add_members(&self, id: &GroupId, users: Vec<UserId>) -> Result<(Group, i64), GroupError> {
        self.get(id).await?;
        for user in users {
            if self.users.find(&user).await?.is_some() {
                let row = self.ids.uuid().to_string();
                self.membership
                    .add_member(id, &user, &row, self.clock.now())
                    .await?;
                self.access.forget(&user);
            }
        }
        self.get(id).await
    }

    /// Takes accounts out of a group.
    ///
    /// # Errors
    /// [`GroupError::NotFound`].
    pub async fn remove_members(&self, id: &GroupId, users: Vec<UserId>) -> Result<(Group, i64), GroupError> {
        self.membership.remove_members(id, &users).await?;
        self.access.forget_all();
        self.get(id).await
    }
}
