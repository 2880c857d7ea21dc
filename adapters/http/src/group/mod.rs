//! Groups of users over HTTP, as administrators manage them.

mod api;
mod dto;
mod error;
mod members;

use std::sync::Arc;

use keelson_application::group::Groups;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Groups of people, and what their members may do.
    Groups,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let groups = Arc::new(Groups::new(&services.ports, services.access.clone()));
    (
        api::GroupApi {
            groups: groups.clone(),
        },
        members::GroupMembersApi { groups },
    )
}
