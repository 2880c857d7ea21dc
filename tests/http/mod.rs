//! Requests against a whole server in process.

mod auths;
mod chats;
mod completions;
mod faults;
mod webhooks;
