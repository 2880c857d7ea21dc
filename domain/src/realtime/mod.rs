//! What reaches a user's open pages.

mod entity;
mod ports;

pub use entity::{Audience, SocketId};
pub use ports::{CallError, EventBus, Presence};
