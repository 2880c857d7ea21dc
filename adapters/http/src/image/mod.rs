//! Pictures that models make: what admins set about them.

mod api;
mod dto;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ImageApi {
        settings: services.settings.clone(),
    }
}
