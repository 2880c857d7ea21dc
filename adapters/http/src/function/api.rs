use std::sync::Arc;

use keelson_application::function::Functions;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{FunctionDto, FunctionSourceDto};
use super::error::FunctionResult;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;

pub(super) struct FunctionApi {
    pub(super) functions: Arc<Functions>,
}

#[OpenApi(prefix_path = "/api/v1/functions", tag = "Tag::Functions")]
impl FunctionApi {
    /// Lists the functions, without their source.
    #[oai(path = "/", method = "get", operation_id = "functions_list")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Vec<FunctionDto>>> {
        let functions = self.functions.list(&caller.0).await?;
        Ok(Json(functions.into_iter().map(FunctionDto::from).collect()))
    }

    /// Lists the functions with their source and owners.
    #[oai(path = "/list", method = "get", operation_id = "functions_list_with_source")]
    async fn list_with_source(&self, admin: Admin) -> FunctionResult<Json<Vec<FunctionSourceDto>>> {
        let functions = self.functions.list_with_source(&admin.0).await?;
        Ok(Json(functions.into_iter().map(FunctionSourceDto::from).collect()))
    }
}
