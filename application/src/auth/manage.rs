use std::sync::Arc;

use keelson_domain::auth::{Caller, EmailAddress, check_password};
use keelson_domain::config::table;
use keelson_domain::user::Role;
use secrecy::ExposeSecret;

use super::{Auth, AuthError, Session, SignUp};

/// An admin makes an account for someone.
#[derive(Debug, Clone)]
pub struct AddUser {
    /// What the owner would have typed.
    pub account: SignUp,
    /// Role.
    pub role: Role,
}

impl Auth {
    /// Makes an account on an admin's behalf and answers a session of its owner, as the reference does.
    ///
    /// # Errors
    /// [`AuthError::EmailTaken`], or an address or password that may not be used.
    pub async fn add_user(&self, admin: &Caller, command: AddUser) -> Result<Session, AuthError> {
        self.access.of(admin).await?.require_administrator()?;
        let email = EmailAddress::parse(&command.account.email)?;
        check_password(
            command.account.password.expose_secret(),
            self.deployment.auth.password_validation,
        )?;
        let user = self.create(&email, &command.account, command.role, false).await?;
        Ok(self.open_session(Arc::new(user)))
    }

    /// Name and address of the admin to turn to, if they are shown.
    ///
    /// # Errors
    /// [`AuthError::DetailsHidden`].
    pub async fn admin_details(&self) -> Result<(Option<String>, Option<String>), AuthError> {
        let (shown, email) = {
            let settings = self.settings.current();
            (
                settings.bool(&table::SHOW_ADMIN_DETAILS),
                settings.text(&table::ADMIN_EMAIL).to_owned(),
            )
        };
        if !shown {
            return Err(AuthError::DetailsHidden);
        }
        let admin = match email.as_str() {
            "" => self.users.first().await?,
            email => self.users.find_by_email(email).await?,
        };
        let name = admin.as_ref().map(|admin| admin.name.clone());
        let email = if email.is_empty() {
            admin.map(|admin| admin.email)
        } else {
            Some(email)
        };
        Ok((name, email))
    }
}
