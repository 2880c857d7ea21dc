use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use keelson_domain::chat::{Chat, ChatChange, ChatHead, ChatId, ChatSummary, Switch, tag_ids_in};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};
use serde_json::Value;

/// A row of `chat`.
#[derive(Queryable, Selectable, Insertable, Clone)]
#[diesel(table_name = schema::chat)]
pub(super) struct ChatRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) title: String,
    pub(super) share_id: Option<String>,
    pub(super) archived: bool,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) body: Option<JsonColumn>,
    pub(super) pinned: Option<bool>,
    pub(super) meta: JsonColumn,
    pub(super) folder_id: Option<String>,
}

impl ChatRow {
    pub(super) fn into_domain(self) -> Chat {
        let row = RowDecoder::new("chat", &self.id);
        Chat {
            owner: UserId::new(self.user_id),
            title: self.title,
            share_id: self.share_id.map(ChatId::new),
            archived: self.archived,
            pinned: self.pinned.unwrap_or(false),
            body: row.object("chat", self.body),
            meta: row.object("meta", Some(self.meta)),
            folder: self.folder_id.map(FolderId::new),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: ChatId::new(self.id),
        }
    }
}

impl From<&Chat> for ChatRow {
    fn from(chat: &Chat) -> Self {
        Self {
            id: chat.id.to_string(),
            user_id: chat.owner.to_string(),
            title: chat.title.clone(),
            share_id: chat.share_id.as_ref().map(ToString::to_string),
            archived: chat.archived,
            created_at: chat.created_at.seconds(),
            updated_at: chat.updated_at.seconds(),
            body: Some(Value::Object(chat.body.clone()).into()),
            pinned: Some(chat.pinned),
            meta: Value::Object(chat.meta.clone()).into(),
            folder_id: chat.folder.as_ref().map(ToString::to_string),
        }
    }
}

/// The columns of a chat without its messages.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::chat)]
pub(super) struct HeadRow {
    id: String,
    user_id: String,
    title: String,
    share_id: Option<String>,
    archived: bool,
    created_at: i64,
    updated_at: i64,
    pinned: Option<bool>,
    meta: JsonColumn,
    folder_id: Option<String>,
}

impl HeadRow {
    pub(super) fn into_domain(self) -> ChatHead {
        let meta = RowDecoder::new("chat", &self.id).object("meta", Some(self.meta));
        ChatHead {
            id: ChatId::new(self.id),
            owner: UserId::new(self.user_id),
            title: self.title,
            share_id: self.share_id.map(ChatId::new),
            archived: self.archived,
            pinned: self.pinned.unwrap_or(false),
            tags: tag_ids_in(&meta),
            folder: self.folder_id.map(FolderId::new),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
        }
    }
}

/// The columns of a list.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::chat)]
pub(super) struct SummaryRow {
    id: String,
    title: String,
    created_at: i64,
    updated_at: i64,
}

impl From<SummaryRow> for ChatSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: ChatId::new(row.id),
            title: row.title,
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
        }
    }
}

/// What an update sets; `None` leaves a column alone, or it is toggled by an expression of its own.
#[derive(AsChangeset)]
#[diesel(table_name = schema::chat)]
pub(super) struct ChatChangeRow {
    body: Option<Value>,
    title: Option<String>,
    archived: Option<bool>,
    pinned: Option<bool>,
    folder_id: Option<Option<String>>,
    updated_at: i64,
}

impl ChatChangeRow {
    pub(super) fn new(change: &ChatChange, body: Option<Value>, now: Timestamp) -> Self {
        let folder = change.folder.as_ref();
        Self {
            body,
            title: change.title.clone(),
            archived: value_set(change.archived),
            pinned: value_set(change.pinned),
            folder_id: folder.map(|folder| folder.as_ref().map(ToString::to_string)),
            updated_at: now.seconds(),
        }
    }
}

fn value_set(switch: Option<Switch>) -> Option<bool> {
    match switch {
        Some(Switch::Set(value)) => Some(value),
        Some(Switch::Toggle) | None => None,
    }
}

/// One message of a chat, as text.
#[derive(QueryableByName)]
pub(super) struct MessageRow {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

impl MessageRow {
    pub(super) fn into_message(self, chat: &ChatId) -> Option<Value> {
        let row = RowDecoder::new("chat", chat.as_str());
        row.json_text("chat", &self.value?)
    }
}
