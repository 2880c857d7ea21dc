//! Requests against a whole server in process.

mod api_keys;
mod audit;
mod auths;
mod chats;
mod completions;
mod errors;
mod faults;
mod metrics;
mod ready;
mod sessions;
mod settings;
mod slow_clients;
mod system;
mod users;
mod webhooks;
