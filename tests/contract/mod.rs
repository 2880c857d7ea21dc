//! What every adapter of a port must do, as plain functions over the port.

mod chat_messages;
mod fanout;
mod settings_store;
