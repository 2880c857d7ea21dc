//! Folders of chats over HTTP.

mod api;
mod dto;
mod error;

use std::sync::Arc;

use keelson_application::folder::Folders;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Folders of chats.
    Folders,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    api::FolderApi {
        folders: Arc::new(Folders::new(
            &services.ports,
            services.settings.clone(),
            services.access.clone(),
        )),
    }
}
