//! Conversations and the messages in them.

mod ids;
mod messages;

pub use ids::{ChatId, MessageId};
pub use messages::ChatMessages;
