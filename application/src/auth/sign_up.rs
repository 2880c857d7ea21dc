use std::sync::Arc;

use keelson_domain::auth::{Created, EmailAddress, NewAccount, check_password};
use keelson_domain::config::table;
use keelson_domain::group::GroupId;
use keelson_domain::user::{Role, User, UserId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Auth, AuthError, Session};

/// Someone wants an account.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// Display name.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// Password.
    pub password: SecretString,
    /// Picture.
    pub profile_image_url: String,
}

impl Auth {
    /// Makes an account and lets its owner in. The first of all becomes admin and closes sign-up for the others. The
    /// admins' webhook is told of it.
    ///
    /// # Errors
    /// [`AuthError::SignUpClosed`], [`AuthError::EmailTaken`], or an address or password that may not be used.
    pub async fn sign_up(&self, command: SignUp) -> Result<Session, AuthError> {
        let only_if_first = self.only_the_first_may().await?;
        let email = EmailAddress::parse(&command.email)?;
        check_password(
            command.password.expose_secret(),
            self.deployment.auth.password_validation,
        )?;
        let user = self
            .create(&email, &command, self.default_role(), only_if_first)
            .await?;
        self.notifier.notify_signup(&user);
        Ok(self.open_session(Arc::new(user)))
    }

    /// Makes an account for someone whom a trusted proxy vouches for; the password is random and never told.
    pub(super) async fn sign_up_trusted(
        &self,
        email: &EmailAddress,
        name: String,
    ) -> Result<User, AuthError> {
        let only_if_first = self.only_the_first_may().await?;
        let command = SignUp {
            name,
            email: email.as_str().to_owned(),
            password: SecretString::from(self.ids.uuid().to_string()),
            profile_image_url: "/user.png".to_owned(),
        };
        let user = self
            .create(email, &command, self.default_role(), only_if_first)
            .await?;
        self.notifier.notify_signup(&user);
        Ok(user)
    }

    /// Whether only a first account may be made now.
    async fn only_the_first_may(&self) -> Result<bool, AuthError> {
        if !self.deployment.auth.enabled {
            return Ok(true);
        }
        let open = {
            let settings = self.settings.current();
            settings.bool(&table::ENABLE_SIGNUP) && settings.bool(&table::ENABLE_LOGIN_FORM)
        };
        if open {
            return Ok(false);
        }
        let first = self.deployment.auth.initial_admin_signup && self.users.count().await? == 0;
        if first {
            Ok(true)
        } else {
            Err(AuthError::SignUpClosed)
        }
    }

    fn default_role(&self) -> Role {
        self.settings
            .current()
            .text(&table::DEFAULT_USER_ROLE)
            .parse()
            .unwrap_or(Role::Pending)
    }

    /// Makes an account: hashes the password, stores, closes sign-up after the first, joins the default group.
    pub(super) async fn create(
        &self,
        email: &EmailAddress,
        command: &SignUp,
        role: Role,
        only_if_first: bool,
    ) -> Result<User, AuthError> {
        if self.users.find_by_email(email.as_str()).await?.is_some() {
            return Err(AuthError::EmailTaken);
        }
        let hash = self.hasher.hash(&command.password).await?;
        let mut user = self.blank(email, command, role);
        let account = NewAccount {
            user: user.clone(),
            password_hash: SecretString::from(hash),
            only_if_first,
        };
        match self.accounts.create(&account).await? {
            Created::First => {
                user.role = Role::Admin;
                self.settings
                    .change(&[(table::ENABLE_SIGNUP, Value::Bool(false))])
                    .await?;
            }
            Created::Next(role) => user.role = role,
            Created::NotFirst => return Err(AuthError::SignUpClosed),
            Created::EmailTaken => return Err(AuthError::EmailTaken),
        }
        let group = self.settings.current().text(&table::DEFAULT_GROUP_ID).to_owned();
        if !group.is_empty() {
            let row = self.ids.uuid().to_string();
            self.groups
                .add_member(&GroupId::new(group), &user.id, &row, self.clock.now())
                .await?;
        }
        Ok(user)
    }

    fn blank(&self, email: &EmailAddress, command: &SignUp, role: Role) -> User {
        let now = self.clock.now();
        User {
            id: UserId::new(self.ids.uuid().to_string()),
            name: command.name.clone(),
            email: email.as_str().to_owned(),
            role,
            profile_image_url: command.profile_image_url.clone(),
            profile_banner_image_url: None,
            username: None,
            bio: None,
            gender: None,
            date_of_birth: None,
            timezone: None,
            presence_state: None,
            status_emoji: None,
            status_message: None,
            status_expires_at: None,
            settings: None,
            info: None,
            oauth: None,
            last_active_at: now,
            created_at: now,
            updated_at: now,
        }
    }
}
