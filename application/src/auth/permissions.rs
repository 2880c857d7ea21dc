use keelson_domain::auth::{Caller, Permissions};
use keelson_domain::config::table;
use keelson_domain::user::UserId;

use super::{Auth, AuthError};

impl Auth {
    /// What an account may do: the defaults, widened by its groups.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn permissions(&self, user: &UserId) -> Result<Permissions, AuthError> {
        let groups = self.groups.of_user(user).await?;
        let settings = self.settings.current();
        Ok(Permissions::new(
            settings.get(&table::USER_PERMISSIONS),
            groups.into_iter().filter_map(|group| group.permissions),
        ))
    }

    /// Whether a caller may do something, such as `chat.delete`; admins may do everything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn may(&self, caller: &Caller, permission: &str) -> Result<bool, AuthError> {
        Ok(caller.is_admin() || self.permissions(caller.id()).await?.allow(permission))
    }

    /// The ids of an account's groups, for access control.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn group_ids(&self, user: &UserId) -> Result<Vec<String>, AuthError> {
        Ok(self
            .groups
            .of_user(user)
            .await?
            .into_iter()
            .map(|group| group.id.into_string())
            .collect())
    }
}
