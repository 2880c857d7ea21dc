//! Signing in and out, profiles, API keys, and the administrator's settings of these, over HTTP.

mod admin;
mod api;
mod cookies;
mod dto;
mod error;
mod providers;
mod settings;
mod settings_dto;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The groups of operations in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Signing in and out, profiles, API keys, and the settings of these.
    Auths,
    /// Signing in at other providers.
    Oauth,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    (
        api::AuthApi {
            auth: services.auth.clone(),
        },
        providers::SignInProvidersApi,
        admin::AuthAdminApi {
            auth: services.auth.clone(),
        },
        settings::AuthSettingsApi {
            settings: services.settings.clone(),
        },
    )
}
