use keelson_domain::access::Denied;
use keelson_domain::auth::{InvalidEmail, WeakPassword};
use keelson_domain::shared::{BoxError, StoreError};
use keelson_domain::user::UnknownRole;

use crate::config::ConfigError;

/// Why something cannot be done with an account.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such user")]
    NotFound,
    /// Another account has the address.
    #[error("this e-mail address is taken")]
    EmailTaken,
    /// The account that was made first stays admin, is changed by its owner alone and is never deleted.
    #[error("the first admin cannot be demoted, changed by others or deleted")]
    FirstAdmin,
    /// Administrators do not delete their own account.
    #[error("you cannot delete your own account")]
    OwnAccount,
    /// The role is none.
    #[error(transparent)]
    UnknownRole(#[from] UnknownRole),
    /// The address is none.
    #[error(transparent)]
    InvalidEmail(#[from] InvalidEmail),
    /// The password does not fit the rules.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<ConfigError> for UserError {
    fn from(error: ConfigError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
