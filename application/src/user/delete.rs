use keelson_domain::auth::Caller;
use keelson_domain::user::UserId;

use super::{UserError, Users};

impl Users {
    /// Deletes an account with what belongs to it, and closes its pages. An unknown account is fine.
    ///
    /// # Errors
    /// [`UserError::FirstAdmin`], [`UserError::Oneself`].
    pub async fn delete(&self, admin: &Caller, id: &UserId) -> Result<(), UserError> {
        if self.users.first().await?.is_some_and(|first| first.id == *id) {
            return Err(UserError::FirstAdmin);
        }
        if admin.id() == id {
            return Err(UserError::Oneself);
        }
        self.accounts.delete(id).await?;
        self.authenticator.forget(id);
        self.events.disconnect(id).await;
        Ok(())
    }
}
