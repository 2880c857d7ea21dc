//! Channels over HTTP.

mod api;
mod dto;
mod error;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ChannelApi {
        channels: services.channels.clone(),
    }
}
