//! Conversations and the messages in them.

mod checkpoints;
mod entity;
mod ids;
mod lists;
mod messages;
mod ports;
mod repository;

pub use checkpoints::{AnswerCheckpoint, AnswerCheckpoints};
pub use entity::{Chat, ChatHead, ChatSummary, UNTITLED, strip_nulls, strip_nulls_in, tag_ids_in};
pub use ids::{ChatId, Message, MessageId};
pub use lists::{ChatLists, ChatOrder, ChatQuery, Place, Tagged};
pub use messages::ChatMessages;
pub use ports::ChatPorts;
pub use repository::{ChatChange, ChatRepository, ChatSet, ChatShares, Switch};
