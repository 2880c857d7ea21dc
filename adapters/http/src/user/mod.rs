//! Accounts over HTTP: what users do with their own, and what administrators do with all.

mod admin;
mod api;
mod dto;
mod error;
mod permissions;
mod query;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

pub(crate) use dto::{EffectivePermissions, GroupData, GroupDto, GroupPermissions, UserDto, UserSummary};

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// People.
    Users,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    (
        api::UserApi {
            users: services.users.clone(),
        },
        admin::UserAdminApi {
            users: services.users.clone(),
        },
    )
}
