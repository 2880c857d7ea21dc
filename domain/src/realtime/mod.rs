//! What reaches a user's open pages.

mod entity;
mod pages;
mod ports;

pub use entity::{Audience, SocketId};
pub use pages::{Pages, USAGE_SECONDS};
pub use ports::{CallError, EventBus, Presence};
