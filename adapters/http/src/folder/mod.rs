//! Folders of chats over HTTP.

mod api;

pub use api::FolderApi;
