use keelson_domain::auth::Caller;
use keelson_domain::user::UserId;

use super::{UserError, Users};

impl Users {
    /// Deletes an account with what belongs to it, and disconnects it. An unknown account is fine.
    ///
    /// # Errors
    /// [`UserError::Denied`], [`UserError::FirstAdmin`], [`UserError::OwnAccount`].
    pub async fn delete(&self, caller: &Caller, id: &UserId) -> Result<(), UserError> {
        self.access.of(caller).await?.require_administrator()?;
        if self.users.first().await?.is_some_and(|first| first.id == *id) {
            return Err(UserError::FirstAdmin);
        }
        if caller.id() == id {
            return Err(UserError::OwnAccount);
        }
        self.accounts.delete(id).await?;
        self.authenticator.forget(id);
        self.events.disconnect(id).await;
        Ok(())
    }
}
