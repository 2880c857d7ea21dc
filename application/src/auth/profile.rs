use keelson_domain::auth::{Caller, check_password};
use keelson_domain::user::{User, UserChange};
use secrecy::{ExposeSecret, SecretString};

use super::tries::Secret;
use super::{Auth, AuthError};

/// What a user says of themselves.
#[derive(Debug, Clone)]
pub struct UpdateProfile {
    /// Display name.
    pub name: String,
    /// Picture.
    pub profile_image_url: String,
    /// About the user.
    pub bio: Option<String>,
    /// Free text.
    pub gender: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<String>,
}

/// A change of password.
#[derive(Debug)]
pub struct ChangePassword {
    /// The current one.
    pub current: SecretString,
    /// The one to come.
    pub new: SecretString,
}

impl Auth {
    /// When a token ends, epoch seconds; none for other credentials.
    pub fn expiry(&self, token: &str) -> Option<i64> {
        Some(self.tokens.verify(token, self.clock.now())?.expires_at?.seconds())
    }

    /// Changes the caller's profile.
    ///
    /// # Errors
    /// When the store fails or the account is gone.
    pub async fn update_profile(&self, caller: &Caller, command: UpdateProfile) -> Result<User, AuthError> {
        let change = UserChange {
            name: Some(command.name),
            profile_image_url: Some(command.profile_image_url),
            bio: command.bio.map(Some),
            gender: command.gender.map(Some),
            date_of_birth: command.date_of_birth.map(Some),
            ..UserChange::default()
        };
        let user = self.users.update(caller.id(), &change, self.clock.now()).await?;
        self.authenticator.forget(caller.id());
        user.ok_or(AuthError::NotSignedIn)
    }

    /// Changes the caller's password, and ends their other sign-ins.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`], [`AuthError::TooManyTries`], or a new one that may not be used. Accounts that a proxy vouches for have none.
    pub async fn change_password(&self, caller: &Caller, command: ChangePassword) -> Result<(), AuthError> {
        if self.deployment.auth.trusted_email_header.is_some() {
            return Err(AuthError::NotEnabled("signing in with a password"));
        }
        self.count_try(Secret::Current, caller.id().as_str()).await?;
        let credential = self.accounts.credential(&caller.user.email).await?;
        let hash = credential
            .as_ref()
            .map(|credential| credential.password_hash.expose_secret());
        if !self.hasher.verify(&command.current, hash).await? {
            return Err(AuthError::WrongPassword);
        }
        check_password(
            command.new.expose_secret(),
            self.deployment.auth.password_validation,
        )?;
        let hash = SecretString::from(self.hasher.hash(&command.new).await?);
        self.accounts.set_password(caller.id(), &hash).await?;
        self.end_other_sign_ins(caller).await
    }
}
