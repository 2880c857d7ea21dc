use std::sync::Arc;

use secrecy::SecretString;

use crate::user::{Role, User, UserId};

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

/// The user on whose behalf something is done; every use case takes one.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account as it is stored now.
    pub user: Arc<User>,
    /// How the caller signed in.
    pub method: AuthMethod,
    /// The token or key that the caller came with, for providers that are to get it; none for the server itself.
    pub credential: Option<SecretString>,
}

impl Caller {
    /// The caller's user id.
    pub fn id(&self) -> &UserId {
        &self.user.id
    }

    /// Whether the caller is an admin.
    pub fn is_admin(&self) -> bool {
        self.user.role == Role::Admin
    }
}
