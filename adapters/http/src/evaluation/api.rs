use std::sync::Arc;

use keelson_application::evaluation::Evaluations;
use keelson_domain::evaluation::FeedbackId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{FeedbackDto, FeedbackListItem};
use super::error::EvaluationResult;
use super::form::FeedbackForm;
use crate::body::Body;
use crate::caller::VerifiedUser;

/// What people do with their own feedback.
pub(super) struct FeedbackApi {
    pub(super) evaluations: Arc<Evaluations>,
}

#[OpenApi(prefix_path = "/api/v1/evaluations", tag = "Tag::Evaluations")]
impl FeedbackApi {
    /// Keeps feedback on an answer.
    #[oai(
        path = "/feedback",
        method = "post",
        operation_id = "evaluations_create_feedback"
    )]
    async fn create(
        &self,
        caller: VerifiedUser,
        form: Body<FeedbackForm>,
    ) -> EvaluationResult<Json<FeedbackDto>> {
        let feedback = self.evaluations.create(&caller.0, form.0.into()).await?;
        Ok(Json(feedback.into()))
    }

    /// Reads feedback of the caller; administrators read everybody's.
    #[oai(
        path = "/feedback/:id",
        method = "get",
        operation_id = "evaluations_get_feedback"
    )]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The feedback.
        id: Path<String>,
    ) -> EvaluationResult<Json<FeedbackDto>> {
        let feedback = self.evaluations.get(&caller.0, &FeedbackId::new(id.0)).await?;
        Ok(Json(feedback.into()))
    }

    /// Changes feedback of the caller; administrators change everybody's.
    ///
    /// `data`, `meta` and `snapshot` are replaced; what is left out stays, and so does the type.
    #[oai(
        path = "/feedback/:id",
        method = "post",
        operation_id = "evaluations_update_feedback"
    )]
    async fn update(
        &self,
        caller: VerifiedUser,
        /// The feedback.
        id: Path<String>,
        form: Body<FeedbackForm>,
    ) -> EvaluationResult<Json<FeedbackDto>> {
        let id = FeedbackId::new(id.0);
        let feedback = self.evaluations.update(&caller.0, &id, form.0.into()).await?;
        Ok(Json(feedback.into()))
    }

    /// Deletes feedback of the caller; administrators delete everybody's.
    #[oai(
        path = "/feedback/:id",
        method = "delete",
        operation_id = "evaluations_delete_feedback"
    )]
    async fn delete(
        &self,
        caller: VerifiedUser,
        /// The feedback.
        id: Path<String>,
    ) -> EvaluationResult<Json<bool>> {
        self.evaluations.delete(&caller.0, &FeedbackId::new(id.0)).await?;
        Ok(Json(true))
    }

    /// Lists the caller's feedback, newest change first.
    #[oai(
        path = "/feedbacks/user",
        method = "get",
        operation_id = "evaluations_list_own_feedback"
    )]
    async fn list_own(&self, caller: VerifiedUser) -> EvaluationResult<Json<Vec<FeedbackListItem>>> {
        let own = self.evaluations.list_own(&caller.0).await?;
        Ok(Json(own.into_iter().map(FeedbackListItem::from).collect()))
    }

    /// Deletes all feedback of the caller; answers whether there was any.
    #[oai(
        path = "/feedbacks",
        method = "delete",
        operation_id = "evaluations_delete_own_feedback"
    )]
    async fn delete_own(&self, caller: VerifiedUser) -> EvaluationResult<Json<bool>> {
        Ok(Json(self.evaluations.delete_own(&caller.0).await?))
    }
}
