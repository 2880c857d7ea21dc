//! What every adapter of a port must do, as plain functions over the port.

mod chat_messages;
pub(crate) mod fanout;
mod locks;
mod presence;
mod rate_limiter;
mod redis;
pub(crate) mod session_store;
mod settings_feed;
mod settings_store;
mod task_directory;
mod task_signals;
mod token_revocations;
