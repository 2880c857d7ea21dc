use keelson_domain::access::Permissions;
use keelson_domain::auth::Caller;
use keelson_domain::config::table;
use serde_json::Value;

use super::{UserError, Users};

impl Users {
    /// What the caller may do, as clients see it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn permissions(&self, caller: &Caller) -> Result<Permissions, UserError> {
        Ok(self.access.of(caller).await?.permissions().clone())
    }

    /// What accounts may do unless their groups allow more.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn default_permissions(&self, caller: &Caller) -> Result<Value, UserError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.settings.current().get(&table::USER_PERMISSIONS).clone())
    }

    /// Replaces what accounts may do unless their groups allow more, and answers what is in force then.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn set_default_permissions(
        &self,
        caller: &Caller,
        permissions: Value,
    ) -> Result<Value, UserError> {
        self.access.of(caller).await?.require_administrator()?;
        let change = [(table::USER_PERMISSIONS, permissions)];
        let settings = self.settings.change(&change).await?;
        Ok(settings.get(&table::USER_PERMISSIONS).clone())
    }
}
