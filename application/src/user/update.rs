use keelson_domain::access::administers;
use keelson_domain::auth::{Caller, EmailAddress, check_password};
use keelson_domain::user::{Role, User, UserChange, UserId};
use secrecy::{ExposeSecret, SecretString};

use super::{UserError, Users};

/// What an administrator changes in an account.
#[derive(Debug, Clone)]
pub struct UpdateUser {
    /// Role.
    pub role: Role,
    /// Display name.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// Picture.
    pub profile_image_url: String,
    /// New password, if it changes.
    pub password: Option<SecretString>,
}

impl Users {
    /// Changes an account on an administrator's behalf. A new password ends its sign-ins. A change of role disconnects the
    /// account, so that its clients connect again with the new rights.
    ///
    /// # Errors
    /// [`UserError::Denied`], [`UserError::NotFound`], [`UserError::EmailTaken`], [`UserError::FirstAdmin`], or an
    /// address or password that may not be used.
    pub async fn update(&self, caller: &Caller, id: &UserId, command: UpdateUser) -> Result<User, UserError> {
        self.access.of(caller).await?.require_administrator()?;
        if let Some(first) = self.users.first().await? {
            let demoted = !administers(command.role);
            if first.id == *id && (caller.id() != id || demoted) {
                return Err(UserError::FirstAdmin);
            }
        }
        let before = self.find(id).await?;
        let email = EmailAddress::parse(&command.email)?;
        if let Some(password) = &command.password {
            check_password(password.expose_secret(), self.deployment.auth.password_validation)?;
        }
        if email.as_str() != before.email && !self.accounts.set_email(id, email.as_str()).await? {
            return Err(UserError::EmailTaken);
        }
        if let Some(password) = &command.password {
            let hash = SecretString::from(self.hasher.hash(password).await?);
            self.accounts.set_password(id, &hash).await?;
            self.authenticator.end_sign_ins(id, None).await?;
        }
        let has_new_password = command.password.is_some();
        let change = UserChange {
            role: Some(command.role),
            name: Some(command.name),
            profile_image_url: Some(command.profile_image_url),
            ..UserChange::default()
        };
        let user = self
            .users
            .update(id, &change, self.clock.now())
            .await?
            .ok_or(UserError::NotFound)?;
        self.authenticator.forget(id);
        if before.role != user.role || has_new_password {
            self.events.disconnect(id).await;
        }
        Ok(user)
    }
}
