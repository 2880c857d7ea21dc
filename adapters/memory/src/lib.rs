//! Every port in process memory: the single-node mode, and what tests swap in.
//!
//! One module a room. Each adapter passes the contract suite of its port, as the real ones do.

pub mod audit;
pub mod auth;
pub mod channel;
pub mod chat;
pub mod config;
mod folder;
pub mod model;
pub mod note;
pub mod realtime;
pub mod session;
pub mod shared;
mod tag;
pub mod task;
pub mod user;
pub mod webhook;
