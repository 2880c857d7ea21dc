//! Requests against a whole server in process.

mod chats;
mod completions;
mod metrics;
mod ready;
