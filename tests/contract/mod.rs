//! What every adapter of a port must do, as plain functions over the port.

mod chat_messages;
mod fanout;
pub(crate) mod session_store;
mod settings_store;
