use serde_json::{Map, Value};

use crate::shared::{TextId, Timestamp};
use crate::user::UserId;

/// Identifies a piece of feedback.
pub type FeedbackId = TextId<Feedback>;

/// Whose a piece of feedback is, and from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackHead {
    /// Identity.
    pub id: FeedbackId,
    /// Who gave it.
    pub owner: UserId,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

/// A piece of feedback as lists show it: without the snapshot, which holds whole conversations.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedbackSummary {
    /// Whose it is, and from when.
    pub head: FeedbackHead,
    /// Version of its form.
    pub version: i64,
    /// What it is: `rating`.
    pub kind: String,
    /// The rating: `rating`, `model_id`, `sibling_model_ids`, `reason`, `comment`…
    pub data: Option<Value>,
    /// Where the answer stands: `chat_id`, `message_id`, `tags`…
    pub meta: Option<Value>,
}

/// A piece of feedback.
#[derive(Debug, Clone, PartialEq)]
pub struct Feedback {
    /// What lists show of it.
    pub summary: FeedbackSummary,
    /// What was rated, as it was then: `chat`…
    pub snapshot: Option<Value>,
}

/// What changes in a piece of feedback; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedbackChange {
    /// The rating.
    pub data: Option<Map<String, Value>>,
    /// Where the answer stands.
    pub meta: Option<Map<String, Value>>,
    /// What was rated.
    pub snapshot: Option<Map<String, Value>>,
}

/// The order of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeedbackOrder {
    /// By the time of creation.
    #[default]
    CreatedAt,
    /// By the last change.
    UpdatedAt,
    /// By the name of who gave it.
    OwnerName,
    /// By the model that was rated.
    Model,
    /// By the rating as a whole number.
    Rating,
}

/// Which page of the feedback is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedbackQuery {
    /// Order; what lacks the value comes last, what is equal in it by its id.
    pub order: FeedbackOrder,
    /// Whether the order is ascending (oldest first, A first).
    pub ascending: bool,
    /// How many to pass over.
    pub skip: i64,
    /// How many at most.
    pub limit: i64,
}
