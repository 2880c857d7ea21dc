//! What every adapter of a port must do, as plain functions over the port.

mod chat_lists;
mod chat_messages;
mod chat_repository;
mod chat_shares;
mod conversations;
mod folder_repository;
mod settings_store;
mod tag_repository;
