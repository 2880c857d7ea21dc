//! Pictures that models make: what admins set about them.

mod api;
mod dto;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Pictures that models make and edit.
    Images,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ImageApi {
        settings: services.settings.clone(),
    }
}
