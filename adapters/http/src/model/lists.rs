use std::sync::Arc;

use keelson_application::model::{ModelOrder, ModelQuery, Models, Ownership};
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use super::dto;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;

/// Lists of the workspace's models.
pub struct ModelListApi {
    /// The use cases.
    pub models: Arc<Models>,
}

#[OpenApi]
impl ModelListApi {
    /// A page of presets.
    #[oai(path = "/api/v1/models/list", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one a query parameter")]
    async fn list(
        &self,
        caller: VerifiedUser,
        query: Query<Option<String>>,
        view_option: Query<Option<String>>,
        tag: Query<Option<String>>,
        order_by: Query<Option<String>>,
        direction: Query<Option<String>>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let filter = ModelQuery {
            text: given(query.0),
            ownership: ownership(view_option.0.as_deref()),
            tag: given(tag.0),
            order: order(order_by.0.as_deref()),
            ascending: direction.0.as_deref() == Some("asc"),
            page: page.0.unwrap_or(1),
        };
        let (models, total) = self.models.list(&caller.0, &filter).await?;
        let items: Vec<_> = models.iter().map(dto::listed).collect();
        Ok(Json(json!({"items": items, "total": total})))
    }

    /// What the workspace says about providers' models.
    #[oai(path = "/api/v1/models/base", method = "get")]
    async fn base(&self, admin: Admin) -> ApiResult<Json<Value>> {
        let models = self.models.list_base(&admin.0).await?;
        Ok(Json(models.iter().map(dto::full).collect()))
    }

    /// The tags of the presets that one may change.
    #[oai(path = "/api/v1/models/tags", method = "get")]
    async fn tags(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(json!(self.models.list_tags(&caller.0).await?)))
    }
}

fn ownership(view: Option<&str>) -> Ownership {
    match view {
        Some("created") => Ownership::Own,
        Some("shared") => Ownership::Others,
        _ => Ownership::Any,
    }
}

fn order(by: Option<&str>) -> ModelOrder {
    match by {
        Some("name") => ModelOrder::Name,
        Some("updated_at") => ModelOrder::UpdatedAt,
        _ => ModelOrder::CreatedAt,
    }
}
