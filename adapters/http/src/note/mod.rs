//! Notes over HTTP.

mod api;
mod dto;
mod error;

use std::sync::Arc;

use keelson_application::note::Notes;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Notes.
    Notes,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::NoteApi {
        notes: Arc::new(Notes::new(&services.ports, services.access.clone())),
    }
}
