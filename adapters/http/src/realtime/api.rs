use std::sync::Arc;

use keelson_application::realtime::Realtime;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::dto::UsageDto;
use super::error::RealtimeResult;
use crate::caller::VerifiedUser;

pub(super) struct RealtimeApi {
    pub(super) realtime: Arc<Realtime>,
}

#[OpenApi(tag = "crate::system::Tag::System")]
impl RealtimeApi {
    /// Reads which models are in use now, and how many people were active in the last three minutes.
    #[oai(path = "/api/usage", method = "get", operation_id = "system_usage")]
    async fn usage(&self, caller: VerifiedUser) -> RealtimeResult<Json<UsageDto>> {
        Ok(Json(self.realtime.usage(&caller.0).await?.into()))
    }
}
