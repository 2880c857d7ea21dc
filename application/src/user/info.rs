use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::user::{User, UserChange};
use serde_json::{Map, Value};

use super::{UserError, Users};

/// A status line.
#[derive(Debug, Clone, Default)]
pub struct SetStatus {
    /// Emoji; none leaves it.
    pub emoji: Option<String>,
    /// Text; none leaves it.
    pub message: Option<String>,
    /// End, epoch seconds; none leaves it.
    pub expires_at: Option<i64>,
}

/// Merges fields at the top level.
fn merged(stored: Option<Value>, fields: Map<String, Value>) -> Value {
    let mut all = match stored {
        Some(Value::Object(all)) => all,
        _ => Map::new(),
    };
    all.extend(fields);
    Value::Object(all)
}

impl Users {
    /// Merges fields into the caller's settings at the top level. `ui.toolServers` is dropped unless the caller may
    /// connect tool servers of their own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn update_settings(
        &self,
        caller: &Caller,
        mut fields: Map<String, Value>,
    ) -> Result<Value, UserError> {
        let access = self.access.of(caller).await?;
        if !access.allows(Permission::FeaturesDirectToolServers)
            && let Some(Value::Object(ui)) = fields.get_mut("ui")
        {
            ui.shift_remove("toolServers");
        }
        let settings = merged(self.me(caller).await?.settings, fields);
        let change = UserChange {
            settings: Some(settings.clone()),
            ..UserChange::default()
        };
        self.change(caller, &change).await?;
        Ok(settings)
    }

    /// Merges facts into the caller's information.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn update_info(&self, caller: &Caller, fields: Map<String, Value>) -> Result<Value, UserError> {
        let info = merged(self.me(caller).await?.info, fields);
        let change = UserChange {
            info: Some(info.clone()),
            ..UserChange::default()
        };
        self.change(caller, &change).await?;
        Ok(info)
    }

    /// Sets the caller's status line.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_status(&self, caller: &Caller, status: SetStatus) -> Result<User, UserError> {
        let change = UserChange {
            status_emoji: status.emoji.map(Some),
            status_message: status.message.map(Some),
            status_expires_at: status.expires_at.map(Some),
            ..UserChange::default()
        };
        self.change(caller, &change).await
    }

    async fn change(&self, caller: &Caller, change: &UserChange) -> Result<User, UserError> {
        let user = self.users.update(caller.id(), change, self.clock.now()).await?;
        self.authenticator.forget(caller.id());
        user.ok_or(UserError::NotFound)
    }
}
