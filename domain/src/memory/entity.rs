use super::MemoryId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// A fact about a user.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// Identity.
    pub id: MemoryId,
    /// Whom it is about.
    pub owner: UserId,
    /// The fact.
    pub content: String,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}
