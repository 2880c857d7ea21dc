use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::{Role, User, UserActivity, UserId};
use crate::shared::{StoreResult, Timestamp};

/// What changes in an account; what is `None` stays. The inner `None` of a nullable field clears it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserChange {
    /// Display name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Picture.
    pub profile_image_url: Option<String>,
    /// About the user.
    pub bio: Option<Option<String>>,
    /// Free text.
    pub gender: Option<Option<String>>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<Option<String>>,
    /// Emoji of the status line.
    pub status_emoji: Option<Option<String>>,
    /// Text of the status line.
    pub status_message: Option<Option<String>>,
    /// End of the status line, epoch seconds.
    pub status_expires_at: Option<Option<i64>>,
    /// Front-end settings.
    pub settings: Option<Value>,
    /// Facts for prompt variables.
    pub info: Option<Value>,
}

/// Which order a list of users has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserOrder {
    /// By name.
    Name,
    /// By e-mail address.
    Email,
    /// By the time of creation.
    #[default]
    CreatedAt,
    /// By the last sign of life.
    LastActiveAt,
    /// By the last change.
    UpdatedAt,
    /// By the role's name: admin, pending, user.
    Role,
}

/// A question for users.
#[derive(Debug, Clone, Default)]
pub struct UserQuery {
    /// Text in the name or the e-mail address, whatever its case.
    pub text: Option<String>,
    /// Order.
    pub order: UserOrder,
    /// Whether the order is turned round.
    pub descending: bool,
    /// How many to leave out at the start.
    pub skip: i64,
    /// How many at most; all when none.
    pub limit: Option<i64>,
}

/// Keeps accounts. They are made and deleted through [`crate::auth::Accounts`].
#[async_trait]
pub trait UserRepository: Send + Sync {
    /// One account.
    async fn find(&self, id: &UserId) -> StoreResult<Option<User>>;
    /// The accounts with these ids in one query, in no order; ids that no account has are left out.
    async fn find_many(&self, ids: &[UserId]) -> StoreResult<Vec<User>>;
    /// The account with an e-mail address (lower-cased), which may be stored with capitals; of several that differ in
    /// nothing else, the one that is stored just so, or else the eldest.
    async fn find_by_email(&self, email: &str) -> StoreResult<Option<User>>;
    /// The account that was made first: it stays admin and is never deleted.
    async fn first(&self) -> StoreResult<Option<User>>;
    /// How many accounts there are.
    async fn count(&self) -> StoreResult<i64>;
    /// A page of accounts, and how many the question finds in all.
    async fn list(&self, query: &UserQuery) -> StoreResult<(Vec<User>, i64)>;
    /// Changes an account in one statement and answers the result; none when there is no such account.
    async fn update(&self, id: &UserId, change: &UserChange, now: Timestamp) -> StoreResult<Option<User>>;
}

/// The ports of accounts.
#[derive(Clone)]
pub struct UserPorts {
    /// Accounts.
    pub repository: Arc<dyn UserRepository>,
    /// When accounts were last active.
    pub activity: Arc<dyn UserActivity>,
}
