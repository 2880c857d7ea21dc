use std::sync::Arc;

use keelson_application::model::{ListModels, Models, Ownership};
use keelson_domain::model::ModelOrder;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ModelDto, ModelPage};
use super::error::ModelResult;
use crate::caller::{Admin, VerifiedUser};

pub(super) struct ModelListApi {
    pub(super) models: Arc<Models>,
}

#[OpenApi(prefix_path = "/api/v1/models", tag = "Tag::Models")]
impl ModelListApi {
    /// Lists presets, 30 a page.
    #[oai(path = "/list", method = "get", operation_id = "models_search")]
    #[expect(clippy::too_many_arguments, reason = "one a query parameter")]
    async fn search(
        &self,
        caller: VerifiedUser,
        /// A part of the name or of the base model's id, in any case.
        query: Query<Option<String>>,
        /// `created` for the caller's own, `shared` for other people's; both when left out.
        view_option: Query<Option<String>>,
        /// A tag, in any case.
        tag: Query<Option<String>>,
        /// `name`, `created_at` (the default) or `updated_at`.
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> ModelResult<Json<ModelPage>> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let list = ListModels {
            text: given(query.0),
            ownership: ownership(view_option.0.as_deref()),
            tag: given(tag.0),
            order: order(order_by.0.as_deref()),
            ascending: direction.0.as_deref() == Some("asc"),
            page: page.0.unwrap_or(1),
        };
        Ok(Json(self.models.list(&caller.0, list).await?.into()))
    }

    /// Lists the settings of providers' models.
    #[oai(path = "/base", method = "get", operation_id = "models_list_base")]
    async fn list_base(&self, admin: Admin) -> ModelResult<Json<Vec<ModelDto>>> {
        let models = self.models.list_base(&admin.0).await?;
        Ok(Json(models.into_iter().map(ModelDto::from).collect()))
    }

    /// Lists the tags of the presets that the caller may change.
    #[oai(path = "/tags", method = "get", operation_id = "models_list_tags")]
    async fn list_tags(&self, caller: VerifiedUser) -> ModelResult<Json<Vec<String>>> {
        let tags = self.models.list_tags(&caller.0).await?;
        Ok(Json(tags.into_iter().collect()))
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
