//! Tools over HTTP.

mod api;
mod dto;

use std::sync::Arc;

use keelson_application::tool::Tools;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Tools that models may use.
    Tools,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::ToolApi {
        tools: Arc::new(Tools::new(&services.ports, services.access.clone())),
    }
}
