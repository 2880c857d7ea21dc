//! Conversations and the messages in them.

mod entity;
mod ids;
mod lists;
mod messages;
mod repository;

pub use entity::{Chat, ChatSummary, UNTITLED, strip_nulls, strip_nulls_in};
pub use ids::{ChatId, Message, MessageId};
pub use lists::{ChatLists, ChatOrder, ChatQuery, Place, Tagged};
pub use messages::ChatMessages;
pub use repository::{ChatChange, ChatRepository, ChatSet, ChatShares};
