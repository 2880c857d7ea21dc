//! Conversations over HTTP.

mod api;
mod bulk;
mod dto;
mod error;
mod lists;
mod messages;
mod tags;

use std::sync::Arc;

use keelson_application::chat::Chats;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Chats with models.
    Chats,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let chats = Arc::new(Chats::new(&services.ports, services.access.clone()));
    (
        lists::ChatListApi { chats: chats.clone() },
        bulk::ChatBulkApi { chats: chats.clone() },
        tags::ChatTagApi { chats: chats.clone() },
        api::ChatApi { chats: chats.clone() },
        messages::ChatMessageApi { chats },
    )
}
