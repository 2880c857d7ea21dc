//! What can be done in Keelson: the use cases, room by room.
//!
//! A use case is a method of its room's service (`chat::Chats::create`): it takes the caller and a command,
//! asks the domain's policies, and works through ports. A service is built from [`Ports`]; it knows no
//! adapter. To add one: a file named for its verb in the room's folder, a line in the room's `mod.rs`.

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
pub mod generation;
pub mod group;
pub mod knowledge;
pub mod memory;
pub mod model;
pub mod note;
mod ports;
pub mod prompt;
mod prompting;
pub mod realtime;
mod reply;
pub mod session;
pub mod spawn;
pub mod system;
pub mod task;
pub mod tool;
pub mod user;
pub mod webhook;

pub use ports::Ports;
