//! What people share: lists of tools, functions, prompts, knowledge, files, notes, memories and channels.

mod api;
mod dto;
mod error;
mod talk;

pub use api::WorkspaceApi;
pub use talk::TalkApi;
