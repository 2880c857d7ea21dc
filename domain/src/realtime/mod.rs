//! Connected clients: who they are, and how events reach them.

mod connections;
mod entity;
mod fanout;
mod ports;

pub use connections::{Connections, USAGE_SECONDS};
pub use entity::{Audience, SocketId};
pub use fanout::{Dispatch, Dispatches, Fanout, ReplyTo};
pub use ports::{CallError, EventBus, Presence};
