//! Conversations over HTTP.

mod api;
mod bulk;
mod dto;
mod error;
mod lists;
mod tags;

pub use api::ChatApi;
pub use bulk::ChatBulkApi;
pub use lists::ChatListApi;
pub use tags::ChatTagApi;
