use std::sync::{Arc, OnceLock};

use secrecy::SecretString;

use crate::access::Access;
use crate::user::{User, UserId};

/// How a caller proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMethod {
    /// A signed token, by header or cookie.
    Token,
    /// An API key (`sk-…`).
    ApiKey,
    /// The server itself, for background work on a user's behalf.
    Internal,
}

/// The user on whose behalf something is done; every use case takes one. What they may do is asked of
/// [`crate::access::Access`], which the caller carries once it was loaded.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account as it is stored now.
    pub user: Arc<User>,
    /// How the caller signed in.
    pub method: AuthMethod,
    /// The token or key that the caller came with, for providers that are to get it; none for the server itself.
    pub credential: Option<SecretString>,
    access: Arc<OnceLock<Arc<Access>>>,
}

impl Caller {
    /// A caller who signed in this way.
    pub fn new(user: Arc<User>, method: AuthMethod, credential: Option<SecretString>) -> Self {
        Self {
            user,
            method,
            credential,
            access: Arc::default(),
        }
    }

    /// The caller's user id.
    pub fn id(&self) -> &UserId {
        &self.user.id
    }

    /// Whether the caller administers the workspace. Use cases ask [`Access`] instead.
    pub fn is_admin(&self) -> bool {
        crate::access::administers(self.user.role)
    }

    /// What the caller may do, if it was loaded for this request already.
    pub fn loaded_access(&self) -> Option<Arc<Access>> {
        self.access.get().cloned()
    }

    /// Keeps what the caller may do for the rest of the request; the first one stays.
    pub fn keep_access(&self, access: Arc<Access>) -> Arc<Access> {
        self.access.get_or_init(|| access).clone()
    }
}
