//! Requests against a whole server in process.

mod audit;
mod chats;
mod completions;
mod errors;
mod metrics;
mod ready;
mod sessions;
mod slow_clients;
