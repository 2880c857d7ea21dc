//! Requests against a whole server in process.

mod chats;
mod completions;
mod faults;
mod webhooks;
