use std::sync::Arc;

use keelson_application::file::Files;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::FileDto;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;
use crate::param::Flag;

pub(super) struct FileApi {
    pub(super) files: Arc<Files>,
}

#[OpenApi(prefix_path = "/api/v1/files", tag = "Tag::Files")]
impl FileApi {
    /// Lists the caller's files; everyone's for an administrator.
    #[oai(path = "/", method = "get", operation_id = "files_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// Whether the text of the files is answered, too; it is unless this says no.
        content: Query<Option<Flag>>,
    ) -> ApiResult<Json<Vec<FileDto>>> {
        let content = content.0.is_none_or(bool::from);
        let files = self.files.list(&caller.0, content).await?;
        Ok(Json(files.into_iter().map(FileDto::from).collect()))
    }
}
