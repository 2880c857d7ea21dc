use keelson_domain::access::administers;
use keelson_domain::auth::{Caller, EmailAddress, check_password};
use keelson_domain::user::{Role, User, UserChange, UserId};
use secrecy::{ExposeSecret, SecretString};

use super::{UserError, Users};

/// What an admin changes in an account.
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
    /// Changes an account on an admin's behalf. A change of role closes the account's pages, so that what is open
    /// there has the new rights.
    ///
    /// # Errors
    /// [`UserError::NotFound`], [`UserError::EmailTaken`], [`UserError::FirstAdmin`], or an address or password that
    /// may not be used.
    pub async fn update(&self, admin: &Caller, id: &UserId, command: UpdateUser) -> Result<User, UserError> {
        if let Some(first) = self.users.first().await? {
            let demoted = !administers(command.role);
            if first.id == *id && (admin.id() != id || demoted) {
                return Err(UserError::FirstAdmin);
            }
        }
        let before = self.get(id).await?;
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
        }
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
        if before.role != user.role {
            self.events.disconnect(id).await;
        }
        Ok(user)
    }
}
