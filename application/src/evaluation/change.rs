use keelson_domain::access::OwnerScope;
use keelson_domain::auth::Caller;
use keelson_domain::evaluation::{Feedback, FeedbackChange, FeedbackHead, FeedbackId, FeedbackSummary};
use serde_json::Value;

use super::{EvaluationError, Evaluations};

/// The version of the form in which feedback is kept (the reference's number).
const VERSION: i64 = 0;

/// Feedback as its giver writes it.
#[derive(Debug, Clone, Default)]
pub struct SaveFeedback {
    /// What it is: `rating`.
    pub kind: String,
    /// What it says; of stored feedback, what is `None` stays.
    pub content: FeedbackChange,
}

impl Evaluations {
    /// Keeps feedback of the caller.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn create(&self, caller: &Caller, new: SaveFeedback) -> Result<Feedback, EvaluationError> {
        let SaveFeedback { kind, content } = new;
        let now = self.clock.now();
        let feedback = Feedback {
            summary: FeedbackSummary {
                head: FeedbackHead {
                    id: FeedbackId::new(self.ids.uuid().to_string()),
                    owner: caller.id().clone(),
                    created_at: now,
                    updated_at: now,
                },
                version: VERSION,
                kind,
                data: content.data.map(Value::Object),
                meta: content.meta.map(Value::Object),
            },
            snapshot: content.snapshot.map(Value::Object),
        };
        self.feedback.insert(&feedback).await?;
        Ok(feedback)
    }

    /// Feedback of the caller; any for administrators.
    ///
    /// # Errors
    /// [`EvaluationError::NotFound`].
    pub async fn get(&self, caller: &Caller, id: &FeedbackId) -> Result<Feedback, EvaluationError> {
        let owners = self.access.of(caller).await?.owner_scope();
        let found = self.feedback.find(&owners, id).await?;
        found.ok_or(EvaluationError::NotFound)
    }

    /// Changes feedback of the caller, any for administrators; its kind stays.
    ///
    /// # Errors
    /// [`EvaluationError::NotFound`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: &FeedbackId,
        update: SaveFeedback,
    ) -> Result<Feedback, EvaluationError> {
        let owners = self.access.of(caller).await?.owner_scope();
        let change = update.content;
        let changed = self
            .feedback
            .update(&owners, id, &change, self.clock.now())
            .await?;
        changed.ok_or(EvaluationError::NotFound)
    }

    /// Deletes feedback of the caller; any for administrators.
    ///
    /// # Errors
    /// [`EvaluationError::NotFound`].
    pub async fn delete(&self, caller: &Caller, id: &FeedbackId) -> Result<(), EvaluationError> {
        let owners = self.access.of(caller).await?.owner_scope();
        match self.feedback.delete(&owners, id).await? {
            true => Ok(()),
            false => Err(EvaluationError::NotFound),
        }
    }

    /// Deletes the caller's own feedback; answers whether there was any.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_own(&self, caller: &Caller) -> Result<bool, EvaluationError> {
        let own = OwnerScope::Of(caller.id().clone());
        Ok(self.feedback.delete_all(&own).await?)
    }

    /// Deletes everybody's feedback; answers whether there was any.
    ///
    /// # Errors
    /// [`EvaluationError::Denied`] for anyone but administrators.
    pub async fn delete_all(&self, caller: &Caller) -> Result<bool, EvaluationError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.feedback.delete_all(&OwnerScope::Everyone).await?)
    }
}
