use keelson_domain::access::OwnerScope;
use keelson_domain::auth::Caller;
use keelson_domain::evaluation::{Feedback, FeedbackHead, FeedbackOrder, FeedbackQuery, FeedbackSummary};

use super::{EvaluationError, Evaluations};
use crate::user::{Owned, with_owners};

/// Pieces of feedback on one page (the reference's number).
const PAGE_SIZE: i64 = 30;

/// Which page of everybody's feedback is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListFeedback {
    /// Order.
    pub order: FeedbackOrder,
    /// Whether the order is ascending (oldest first, A first).
    pub ascending: bool,
    /// Page, from 1; 0 and less count as 1.
    pub page: i64,
}

impl From<ListFeedback> for FeedbackQuery {
    fn from(list: ListFeedback) -> Self {
        Self {
            order: list.order,
            ascending: list.ascending,
            skip: (list.page.max(1) - 1).saturating_mul(PAGE_SIZE),
            limit: PAGE_SIZE,
        }
    }
}

impl Evaluations {
    /// The caller's own feedback, newest change first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_own(&self, caller: &Caller) -> Result<Vec<FeedbackSummary>, EvaluationError> {
        let own = OwnerScope::Of(caller.id().clone());
        Ok(self.feedback.list(&own).await?)
    }

    /// Everybody's feedback, newest change first.
    ///
    /// # Errors
    /// [`EvaluationError::Denied`] for anyone but administrators.
    pub async fn list_all(&self, caller: &Caller) -> Result<Vec<FeedbackSummary>, EvaluationError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.feedback.list(&OwnerScope::Everyone).await?)
    }

    /// Whose everybody's feedback is, newest change first.
    ///
    /// # Errors
    /// [`EvaluationError::Denied`] for anyone but administrators.
    pub async fn list_heads(&self, caller: &Caller) -> Result<Vec<FeedbackHead>, EvaluationError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.feedback.heads().await?)
    }

    /// Everybody's feedback with its snapshots, newest change first.
    ///
    /// # Errors
    /// [`EvaluationError::Denied`] for anyone but administrators.
    pub async fn export(&self, caller: &Caller) -> Result<Vec<Feedback>, EvaluationError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.feedback.export().await?)
    }

    /// A page of the feedback of accounts that exist, with these accounts, and how much there is on all pages.
    ///
    /// # Errors
    /// [`EvaluationError::Denied`] for anyone but administrators.
    pub async fn list(
        &self,
        caller: &Caller,
        list: ListFeedback,
    ) -> Result<(Vec<Owned<FeedbackSummary>>, i64), EvaluationError> {
        self.access.of(caller).await?.require_administrator()?;
        let (page, total) = self.feedback.page(&list.into()).await?;
        let page = with_owners(self.users.as_ref(), page, |feedback| &feedback.head.owner).await?;
        Ok((page, total))
    }
}
