use std::collections::BTreeMap;

use keelson_application::chat::{ChatStats, ImportChat};
use keelson_domain::chat::{Chat, ChatId, ChatSummary};
use keelson_domain::folder::FolderId;
use keelson_domain::tag::Tag;
use poem_openapi::Object;
use serde_json::Value;

use crate::json::{Column, Free, Nullable};

/// The messages of a chat.
pub(super) struct ChatContent;

impl Column for ChatContent {
    const NAME: &'static str = "ChatContent";
    const DESCRIPTION: &'static str =
        "The messages (`history`), the models and what else the front end keeps of the chat.";
}

/// Facts about a chat.
pub(super) struct ChatMeta;

impl Column for ChatMeta {
    const NAME: &'static str = "ChatMeta";
    const DESCRIPTION: &'static str = "Facts about the chat, such as `tags`, the ids of its tags.";
}

/// Facts about a tag.
pub(super) struct TagMeta;

impl Column for TagMeta {
    const NAME: &'static str = "TagMeta";
    const DESCRIPTION: &'static str = "Facts about the tag; nothing writes them any more.";
}

/// The data of an event.
pub(super) struct EventData;

impl Column for EventData {
    const NAME: &'static str = "ChatEventData";
    const DESCRIPTION: &'static str = "What the event says; its fields depend on the event's type.";
}

/// A chat with its messages.
#[derive(Object)]
#[oai(rename = "ChatResponse")]
pub(super) struct ChatDto {
    /// Identity.
    id: String,
    /// Whose it is; of a shared copy, `shared-` and the id of the chat that it was made from.
    user_id: String,
    /// Title in lists.
    title: String,
    chat: Free<ChatContent>,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// The id of the shared copy; null while the chat is not shared.
    share_id: Nullable<String>,
    /// Whether it is archived.
    archived: bool,
    /// Whether it is pinned to the top of the list.
    pinned: bool,
    meta: Free<ChatMeta>,
    /// The folder that it lies in; null when it lies in none.
    folder_id: Nullable<String>,
}

impl From<Chat> for ChatDto {
    fn from(chat: Chat) -> Self {
        Self {
            id: chat.id.into_string(),
            user_id: chat.owner.into_string(),
            title: chat.title,
            chat: Value::Object(chat.body).into(),
            updated_at: chat.updated_at.seconds(),
            created_at: chat.created_at.seconds(),
            share_id: chat.share_id.map(ChatId::into_string).into(),
            archived: chat.archived,
            pinned: chat.pinned,
            meta: Value::Object(chat.meta).into(),
            folder_id: chat.folder.map(FolderId::into_string).into(),
        }
    }
}

/// A chat in a list, without its messages.
#[derive(Object)]
pub(super) struct ChatListItem {
    /// Identity.
    id: String,
    /// Title.
    title: String,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
}

impl From<ChatSummary> for ChatListItem {
    fn from(chat: ChatSummary) -> Self {
        Self {
            id: chat.id.into_string(),
            title: chat.title,
            updated_at: chat.updated_at.seconds(),
            created_at: chat.created_at.seconds(),
        }
    }
}

/// A chat in the list of a folder.
#[derive(Object)]
pub(super) struct FolderChatListItem {
    /// Identity.
    id: String,
    /// Title.
    title: String,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<ChatSummary> for FolderChatListItem {
    fn from(chat: ChatSummary) -> Self {
        Self {
            id: chat.id.into_string(),
            title: chat.title,
            updated_at: chat.updated_at.seconds(),
        }
    }
}

/// A tag of a user.
#[derive(Object)]
#[oai(rename = "ChatTag")]
pub(super) struct TagDto {
    /// Identity among the owner's tags: the name in lower case, spaces as underscores.
    id: String,
    /// The name as it was first written.
    name: String,
    /// Whose it is.
    user_id: String,
    meta: Nullable<Free<TagMeta>>,
}

impl From<Tag> for TagDto {
    fn from(tag: Tag) -> Self {
        Self {
            id: tag.id,
            name: tag.name,
            user_id: tag.owner.into_string(),
            meta: tag.meta.map(Free::from).into(),
        }
    }
}

/// A chat in numbers. The current branch is the way from the first message to the one looked at last; the history is
/// all messages.
#[derive(Object)]
pub(super) struct ChatUsage {
    /// The chat.
    id: String,
    /// Answers of the current branch by model.
    models: BTreeMap<String, u64>,
    /// Messages of the current branch.
    message_count: usize,
    /// Answers of the history by model.
    history_models: BTreeMap<String, u64>,
    /// Messages of the history.
    history_message_count: usize,
    /// Messages of the user in the history.
    history_user_message_count: usize,
    /// Answers in the history.
    history_assistant_message_count: usize,
    /// From a message to its answer on average, in seconds.
    average_response_time: f64,
    /// The length of the user's messages on average, in characters.
    average_user_message_content_length: f64,
    /// The length of answers on average, in characters.
    average_assistant_message_content_length: f64,
    /// The ids of the chat's tags.
    tags: Vec<String>,
    /// When the current message was written, in seconds since 1970.
    last_message_at: i64,
    /// When the chat was last changed, in seconds since 1970.
    updated_at: i64,
    /// When the chat was made, in seconds since 1970.
    created_at: i64,
}

impl From<ChatStats> for ChatUsage {
    fn from(stats: ChatStats) -> Self {
        Self {
            id: stats.chat.id.into_string(),
            models: stats.models,
            message_count: stats.messages,
            history_models: stats.all_models,
            history_message_count: stats.all_messages,
            history_user_message_count: stats.questions,
            history_assistant_message_count: stats.answers,
            average_response_time: stats.seconds_to_answer,
            average_user_message_content_length: stats.question_length,
            average_assistant_message_content_length: stats.answer_length,
            tags: stats.tags,
            last_message_at: stats.last_message_at,
            updated_at: stats.chat.updated_at.seconds(),
            created_at: stats.chat.created_at.seconds(),
        }
    }
}

/// A page of chats in numbers.
#[derive(Object)]
pub(super) struct ChatUsagePage {
    /// The chats of the page; those without messages are left out.
    pub(super) items: Vec<ChatUsage>,
    /// How many chats there are in all.
    pub(super) total: u64,
}

/// A chat to be stored.
#[derive(Object)]
pub(super) struct ChatForm {
    pub(super) chat: Free<ChatContent>,
    /// The folder that a new chat will lie in; none for no folder.
    pub(super) folder_id: Option<String>,
}

/// Where a chat goes.
#[derive(Object)]
pub(super) struct ChatFolderIdForm {
    /// The folder that it will lie in; null takes it out of its folder.
    pub(super) folder_id: Option<String>,
}

/// What a copy is called.
#[derive(Object)]
pub(super) struct CloneForm {
    /// The title; `Clone of …` when there is none.
    #[oai(validator(max_length = 1000))]
    pub(super) title: Option<String>,
}

/// A message's text.
#[derive(Object)]
pub(super) struct MessageForm {
    /// The text.
    #[oai(validator(max_length = 134217728))]
    pub(super) content: String,
}

/// An event of a message.
#[derive(Object)]
pub(super) struct EventForm {
    /// The event's type, such as `status`, `message` or `replace`.
    #[oai(rename = "type")]
    pub(super) kind: String,
    pub(super) data: Free<EventData>,
}

/// A tag by name.
#[derive(Object)]
pub(super) struct TagForm {
    /// The name.
    #[oai(validator(max_length = 1000))]
    pub(super) name: String,
}

/// Which chats have a tag.
#[derive(Object)]
pub(super) struct TagFilterForm {
    /// The tag's name.
    pub(super) name: String,
    /// How many chats to leave out at the start; 0 when it is left out.
    pub(super) skip: Option<i64>,
    /// How many chats at most; 50 when it is left out.
    pub(super) limit: Option<i64>,
}

/// A chat of another server.
#[derive(Object)]
pub(super) struct ChatImportForm {
    chat: Free<ChatContent>,
    /// The folder that it will lie in, if it is the caller's.
    folder_id: Option<String>,
    meta: Option<Free<ChatMeta>>,
    /// Whether it is pinned to the top of the list.
    pinned: Option<bool>,
    /// When it was made, in seconds since 1970; now when it is left out.
    created_at: Option<i64>,
    /// When it was last changed, in seconds since 1970; now when it is left out.
    updated_at: Option<i64>,
}

impl From<ChatImportForm> for ImportChat {
    fn from(form: ChatImportForm) -> Self {
        Self {
            body: form.chat.into_fields(),
            meta: form.meta.map(Free::into_fields).unwrap_or_default(),
            pinned: form.pinned.unwrap_or(false),
            folder: form.folder_id.map(FolderId::new),
            created_at: form.created_at,
            updated_at: form.updated_at,
        }
    }
}

/// Chats of another server.
#[derive(Object)]
pub(super) struct ChatsImportForm {
    /// The chats.
    pub(super) chats: Vec<ChatImportForm>,
}
