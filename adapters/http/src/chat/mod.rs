//! Conversations over HTTP.

mod api;
mod bulk;
mod dto;
mod error;
mod lists;
mod messages;
mod tags;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let chats = &services.chats;
    (
        lists::ChatListApi { chats: chats.clone() },
        bulk::ChatBulkApi { chats: chats.clone() },
        tags::ChatTagApi { chats: chats.clone() },
        api::ChatApi { chats: chats.clone() },
        messages::ChatMessageApi { chats: chats.clone() },
    )
}
