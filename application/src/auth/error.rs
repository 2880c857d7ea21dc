use keelson_domain::access::Denied;
use keelson_domain::auth::{InvalidEmail, WeakPassword};
use keelson_domain::shared::{BoxError, StoreError};

use crate::config::ConfigError;

/// Why someone is not let in, or may not do something with accounts.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token, no key, or not a valid one.
    #[error("sign in first: the token is missing or not valid")]
    NotSignedIn,
    /// Signed in, but without the role that is needed.
    #[error("your role does not allow this")]
    RoleNotAllowed,
    /// E-mail address and password do not belong together.
    #[error("the e-mail address or the password is not right")]
    WrongCredentials,
    /// The proxy did not set the header that it is trusted for.
    #[error("the header that names the user is missing")]
    TrustedHeaderMissing,
    /// The trusted proxy names somebody else than the token does.
    #[error("the token belongs to another account: sign in again")]
    OtherUser,
    /// Too many tries to sign in.
    #[error("too many tries: wait a few minutes")]
    TooManyTries,
    /// Nobody may sign up now.
    #[error("signing up is closed")]
    SignUpClosed,
    /// Signing in with a password is off.
    #[error("signing in with a password is switched off")]
    PasswordAuthOff,
    /// Authentication is off, but there are accounts already.
    #[error("authentication cannot be switched off where accounts exist already")]
    AccountsExist,
    /// Another account has the address.
    #[error("this e-mail address is taken")]
    EmailTaken,
    /// The address is none.
    #[error(transparent)]
    InvalidEmail(#[from] InvalidEmail),
    /// The password does not fit the rules.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The current password is wrong.
    #[error("the current password is not right")]
    WrongPassword,
    /// API keys are off, or not allowed for this account.
    #[error("API keys are not allowed for this account")]
    ApiKeysNotAllowed,
    /// The account has no API key.
    #[error("this account has no API key")]
    NoApiKey,
    /// The admin's details are not shown.
    #[error("the admin's details are not shown")]
    DetailsHidden,
    /// Something that is off or not there, such as LDAP.
    #[error("{0} is not switched on")]
    NotEnabled(&'static str),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<Denied> for AuthError {
    fn from(_: Denied) -> Self {
        Self::RoleNotAllowed
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<ConfigError> for AuthError {
    fn from(error: ConfigError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
