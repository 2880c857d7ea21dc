use std::sync::Arc;

use keelson_application::channel::Channels;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ChannelDto, ListedChannelDto};
use super::error::ChannelResult;
use crate::caller::VerifiedUser;

pub(super) struct ChannelApi {
    pub(super) channels: Arc<Channels>,
}

#[OpenApi(prefix_path = "/api/v1/channels", tag = "Tag::Channels")]
impl ChannelApi {
    /// Lists the channels that the caller is in, with their unread messages.
    #[oai(path = "/", method = "get", operation_id = "channels_list")]
    async fn list(&self, caller: VerifiedUser) -> ChannelResult<Json<Vec<ListedChannelDto>>> {
        let channels = self.channels.list(&caller.0).await?;
        Ok(Json(channels.into_iter().map(ListedChannelDto::from).collect()))
    }

    /// Lists all channels for an administrator, else those that the caller is in.
    #[oai(path = "/list", method = "get", operation_id = "channels_list_all")]
    async fn list_all(&self, caller: VerifiedUser) -> ChannelResult<Json<Vec<ChannelDto>>> {
        let channels = self.channels.list_all(&caller.0).await?;
        Ok(Json(channels.into_iter().map(ChannelDto::from).collect()))
    }
}
