//! What open pages do now. Events travel over sockets, not here.

mod api;
mod dto;
mod error;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::RealtimeApi {
        realtime: services.realtime.clone(),
    }
}
