use std::sync::Arc;

use async_trait::async_trait;

use super::{Feedback, FeedbackChange, FeedbackHead, FeedbackId, FeedbackQuery, FeedbackSummary};
use crate::access::OwnerScope;
use crate::shared::{StoreResult, Timestamp};

/// Keeps feedback. What lies outside the owners of a call is not there for it; lists come newest change first.
#[async_trait]
pub trait FeedbackRepository: Send + Sync {
    /// The feedback of these owners.
    async fn list(&self, owners: &OwnerScope) -> StoreResult<Vec<FeedbackSummary>>;
    /// Whose all feedback is.
    async fn heads(&self) -> StoreResult<Vec<FeedbackHead>>;
    /// All feedback with its snapshots.
    async fn export(&self) -> StoreResult<Vec<Feedback>>;
    /// A page of the feedback of accounts that exist, and how much there is on all pages.
    async fn page(&self, query: &FeedbackQuery) -> StoreResult<(Vec<FeedbackSummary>, i64)>;
    /// One piece.
    async fn find(&self, owners: &OwnerScope, id: &FeedbackId) -> StoreResult<Option<Feedback>>;
    /// Adds a piece; a conflict when its id is taken.
    async fn insert(&self, new: &Feedback) -> StoreResult<()>;
    /// Changes a piece in one statement; answers it as it is then.
    async fn update(
        &self,
        owners: &OwnerScope,
        id: &FeedbackId,
        change: &FeedbackChange,
        now: Timestamp,
    ) -> StoreResult<Option<Feedback>>;
    /// Deletes a piece; `false` when there was none.
    async fn delete(&self, owners: &OwnerScope, id: &FeedbackId) -> StoreResult<bool>;
    /// Deletes all feedback of these owners in one statement; `false` when there was none.
    async fn delete_all(&self, owners: &OwnerScope) -> StoreResult<bool>;
}

/// The ports of evaluations.
#[derive(Clone)]
pub struct EvaluationPorts {
    /// Feedback on answers.
    pub feedback: Arc<dyn FeedbackRepository>,
}
