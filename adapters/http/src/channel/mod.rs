//! Channels over HTTP.

mod api;
mod dto;
mod error;

use std::sync::Arc;

use keelson_application::channel::Channels;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Channels, in which people talk with each other.
    Channels,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ChannelApi {
        channels: Arc::new(Channels::new(
            &services.ports,
            services.users.clone(),
            services.access.clone(),
            services.settings.clone(),
        )),
    }
}
