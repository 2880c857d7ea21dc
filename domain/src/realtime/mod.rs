//! What reaches a user's open pages.

mod entity;
mod fanout;
mod pages;
mod ports;

pub use entity::{Audience, SocketId};
pub use fanout::{AnswerTo, Dispatch, Dispatches, Fanout};
pub use pages::{Pages, USAGE_SECONDS};
pub use ports::{CallError, EventBus, Presence};
