//! Requests against a whole server in process.

mod api_keys;
mod chats;
mod completions;
mod settings;
mod system;
mod users;
