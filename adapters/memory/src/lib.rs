//! Ports in process memory: the single-node mode, and what tests swap in. Repositories have no twin here: in memory they
//! are SQLite in memory.
//!
//! One module a room. Each adapter passes the contract suite of its port, as the real ones do.

pub mod audit;
pub mod auth;
pub mod channel;
pub mod config;
pub mod model;
pub mod note;
pub mod realtime;
pub mod session;
pub mod shared;
pub mod task;
pub mod user;
pub mod webhook;
