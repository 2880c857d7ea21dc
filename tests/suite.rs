//! One integration-test binary: contract suites, HTTP trees, access, realtime, startup, architecture.
//!
//! A room adds its files to `contract` and `http`; in them it submits what the tests of all rooms need to know of it
//! (`rooms`).
//!
//! Each module says `cfg(test)`, which is true anyway: clippy lets helpers unwrap only there.

#[cfg(test)]
mod access;
#[cfg(test)]
mod adoption;
#[cfg(test)]
mod architecture;
/// What every adapter of a port must do, as plain functions over the port: one file a port, named like it. `database` runs
/// those of the database on every backend, `redis` those of Redis in every mode.
#[cfg(test)]
mod contract {
    mod accounts;
    mod answer_checkpoints;
    mod api_key_repository;
    mod audit_sink;
    mod channel_membership;
    mod channel_repository;
    mod chat_lists;
    mod chat_messages;
    mod chat_repository;
    mod chat_shares;
    mod clock;
    mod conversations;
    mod database;
    mod event_bus;
    pub(crate) mod fanout;
    mod feedback_repository;
    mod file_repository;
    mod folder_repository;
    mod function_repository;
    mod group_membership;
    mod group_repository;
    mod ids;
    mod knowledge_repository;
    mod locks;
    mod memory_repository;
    mod model_lists;
    mod model_provider;
    mod model_repository;
    mod note_heads;
    mod note_repository;
    mod operator_documents;
    mod password_hasher;
    mod ports;
    mod presence;
    mod prompt_repository;
    mod rate_limiter;
    mod redis;
    mod revocation_log;
    pub(crate) mod session_store;
    mod settings_feed;
    mod settings_store;
    mod shared_models;
    mod storage_health;
    mod tag_repository;
    mod task_directory;
    mod task_signals;
    mod token_cutoffs;
    mod token_revocations;
    mod token_signer;
    mod tool_repository;
    mod unreadable_rows;
    mod user_activity;
    mod user_repository;
    mod webhooks;

    pub(crate) use database::TestDatabase;
}
#[cfg(test)]
mod fleet;
/// Requests against a whole server in process.
#[cfg(test)]
mod http {
    mod accounts;
    mod api_keys;
    mod audit;
    mod auths;
    mod bounds;
    mod chat_lists;
    mod chat_messages;
    mod chat_shares;
    mod chat_tags;
    mod chats;
    mod completions;
    mod configs;
    mod coverage;
    mod credentials;
    mod errors;
    mod evaluations;
    mod faults;
    mod folders;
    mod groups;
    mod inbound;
    mod metrics;
    mod model_rights;
    mod odd_replies;
    mod pages;
    mod parameters;
    mod provider_bounds;
    mod providers;
    mod proxy;
    mod ready;
    mod sessions;
    mod settings;
    mod shared_lists;
    mod slow_clients;
    mod statements;
    mod stored_cells;
    mod system;
    mod tasks;
    mod users;
    mod webhooks;
    mod workspace_models;
    mod zoo;
}
#[cfg(test)]
mod realtime;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod settings_table;
#[cfg(test)]
mod startup;
#[cfg(test)]
mod support;
