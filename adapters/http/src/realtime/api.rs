use std::sync::Arc;

use keelson_application::realtime::Realtime;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::dto::UsageDto;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

/// Operations on open pages.
pub(crate) struct RealtimeApi {
    pub(crate) realtime: Arc<Realtime>,
}

#[OpenApi]
impl RealtimeApi {
    /// Models in use now, and how many people were active in the last three minutes.
    #[oai(path = "/api/usage", method = "get", operation_id = "get_current_usage")]
    async fn usage(&self, caller: VerifiedUser) -> ApiResult<Json<UsageDto>> {
        Ok(Json(self.realtime.usage(&caller.0).await?.into()))
    }
}
