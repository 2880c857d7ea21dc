//! What things are in Keelson, and the ports through which the core reaches the world.
//!
//! Pure: no input or output, no clock, no runtime, no randomness. One module a room; a room bears
//! the same name in every ring. To add one: its entities in `entity.rs`, what may go wrong in
//! `error.rs`, what it needs from outside in `ports.rs`, and only those that it needs. Every
//! adapter of a port passes that port's contract suite (`tests/contract/<port>.rs`).

pub mod access;
pub mod audit;
pub mod auth;
pub mod channel;
pub mod chat;
pub mod completion;
pub mod config;
pub mod evaluation;
pub mod file;
pub mod folder;
pub mod function;
pub mod group;
pub mod knowledge;
pub mod memory;
pub mod model;
pub mod note;
pub mod prompt;
pub mod realtime;
pub mod session;
pub mod shared;
pub mod system;
pub mod tag;
pub mod task;
pub mod tool;
pub mod user;
pub mod webhook;
