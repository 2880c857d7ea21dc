//! What every adapter of a port must do, as plain functions over the port.

mod chat_lists;
mod chat_messages;
mod chat_repository;
mod chat_shares;
mod conversations;
pub(crate) mod fanout;
mod folder_repository;
mod locks;
mod presence;
mod rate_limiter;
mod redis;
pub(crate) mod session_store;
mod settings_feed;
mod settings_store;
mod tag_repository;
mod task_directory;
mod task_signals;
mod token_revocations;
mod unreadable_rows;
