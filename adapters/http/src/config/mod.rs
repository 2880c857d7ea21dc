//! Settings that admins change at run time: connections, code execution, models, banners; export and import.

mod api;
mod appearance;
mod dto;
mod error;
mod tool_servers;

use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

pub(crate) use dto::PromptSuggestion;
pub(crate) use error::ConfigResult;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Settings of the server.
    Configs,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let settings = &services.settings;
    (
        api::ConfigApi {
            settings: settings.clone(),
        },
        appearance::AppearanceApi {
            settings: settings.clone(),
        },
        tool_servers::ToolServersApi {
            settings: settings.clone(),
        },
    )
}
