//! Groups of users over HTTP, as administrators manage them.

mod api;
mod dto;
mod error;
mod members;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    (
        api::GroupApi {
            groups: services.groups.clone(),
        },
        members::GroupMembersApi {
            groups: services.groups.clone(),
        },
    )
}
