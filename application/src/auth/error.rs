use keelson_domain::shared::{BoxError, StoreError};

/// Why someone is not let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token, no key, or not a valid one.
    #[error("sign in first")]
    NotSignedIn,
    /// Signed in, but without the role that is needed.
    #[error("your role does not allow this")]
    RoleNotAllowed,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
