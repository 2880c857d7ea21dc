use std::sync::Arc;

use keelson_application::evaluation::{Evaluations, ListFeedback};
use keelson_domain::evaluation::FeedbackOrder;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{FeedbackDto, FeedbackHeadDto, FeedbackPage, FeedbackSummaryDto};
use super::error::EvaluationResult;
use crate::caller::Admin;

/// What administrators do with everybody's feedback.
pub(super) struct FeedbacksApi {
    pub(super) evaluations: Arc<Evaluations>,
}

/// A page from its parameters; without an order, or with an unknown one, the newest come first.
fn page(order_by: Option<&str>, direction: Option<&str>, page: Option<i64>) -> ListFeedback {
    let order = match order_by {
        Some("updated_at") => FeedbackOrder::UpdatedAt,
        Some("username") => FeedbackOrder::OwnerName,
        Some("model_id") => FeedbackOrder::Model,
        Some("rating") => FeedbackOrder::Rating,
        _ => FeedbackOrder::CreatedAt,
    };
    ListFeedback {
        order,
        ascending: order_by.is_some() && direction == Some("asc"),
        page: page.unwrap_or(1),
    }
}

#[OpenApi(prefix_path = "/api/v1/evaluations/feedbacks", tag = "Tag::Evaluations")]
impl FeedbacksApi {
    /// Lists a page of everybody's feedback with who gave it; that of deleted accounts is left out.
    #[oai(path = "/list", method = "get", operation_id = "evaluations_list_feedback")]
    async fn list(
        &self,
        admin: Admin,
        /// `created_at` (the default), `updated_at`, `username`, `model_id` or `rating`.
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
        /// The page, from 1; 30 pieces of feedback each.
        page: Query<Option<i64>>,
    ) -> EvaluationResult<Json<FeedbackPage>> {
        let list = self::page(order_by.0.as_deref(), direction.0.as_deref(), page.0);
        Ok(Json(self.evaluations.list(&admin.0, list).await?.into()))
    }

    /// Lists everybody's feedback, newest change first.
    #[oai(path = "/all", method = "get", operation_id = "evaluations_list_all_feedback")]
    async fn list_all(&self, admin: Admin) -> EvaluationResult<Json<Vec<FeedbackSummaryDto>>> {
        let all = self.evaluations.list_all(&admin.0).await?;
        Ok(Json(all.into_iter().map(FeedbackSummaryDto::from).collect()))
    }

    /// Lists the ids of everybody's feedback, newest change first.
    #[oai(
        path = "/all/ids",
        method = "get",
        operation_id = "evaluations_list_feedback_ids"
    )]
    async fn list_ids(&self, admin: Admin) -> EvaluationResult<Json<Vec<FeedbackHeadDto>>> {
        let heads = self.evaluations.list_heads(&admin.0).await?;
        Ok(Json(heads.into_iter().map(FeedbackHeadDto::from).collect()))
    }

    /// Exports everybody's feedback with its snapshots, newest change first.
    #[oai(
        path = "/all/export",
        method = "get",
        operation_id = "evaluations_export_feedback"
    )]
    async fn export(&self, admin: Admin) -> EvaluationResult<Json<Vec<FeedbackDto>>> {
        let all = self.evaluations.export(&admin.0).await?;
        Ok(Json(all.into_iter().map(FeedbackDto::from).collect()))
    }

    /// Deletes everybody's feedback; answers whether there was any.
    #[oai(
        path = "/all",
        method = "delete",
        operation_id = "evaluations_delete_all_feedback"
    )]
    async fn delete_all(&self, admin: Admin) -> EvaluationResult<Json<bool>> {
        Ok(Json(self.evaluations.delete_all(&admin.0).await?))
    }
}
