//! Functions over HTTP.

mod api;
mod dto;
mod error;

use std::sync::Arc;

use keelson_application::function::Functions;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Functions: filters, pipes and actions.
    Functions,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::FunctionApi {
        functions: Arc::new(Functions::new(&services.ports, services.access.clone())),
    }
}
