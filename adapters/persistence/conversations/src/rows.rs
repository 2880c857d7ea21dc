use diesel::prelude::*;
use keelson_domain::chat::{Chat, ChatId, ChatSummary};
use keelson_domain::folder::{Folder, FolderId};
use keelson_domain::shared::Timestamp;
use keelson_domain::tag::Tag;
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema;
use serde_json::{Map, Value};

/// The fields of an object; none for anything else.
pub(crate) fn fields(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A row of `chat`.
#[derive(Queryable, Selectable, Insertable, Clone)]
#[diesel(table_name = schema::chat)]
pub(crate) struct ChatRow {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) title: String,
    pub(crate) share_id: Option<String>,
    pub(crate) archived: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) body: Option<Value>,
    pub(crate) pinned: Option<bool>,
    pub(crate) meta: Value,
    pub(crate) folder_id: Option<String>,
}

impl From<ChatRow> for Chat {
    fn from(row: ChatRow) -> Self {
        Self {
            id: ChatId::new(row.id),
            owner: UserId::new(row.user_id),
            title: row.title,
            share_id: row.share_id.map(ChatId::new),
            archived: row.archived,
            pinned: row.pinned.unwrap_or(false),
            body: fields(row.body),
            meta: fields(Some(row.meta)),
            folder: row.folder_id.map(FolderId::new),
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
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
            body: Some(Value::Object(chat.body.clone())),
            pinned: Some(chat.pinned),
            meta: Value::Object(chat.meta.clone()),
            folder_id: chat.folder.as_ref().map(ToString::to_string),
        }
    }
}

/// The columns of a list.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::chat)]
pub(crate) struct SummaryRow {
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

/// A row of `folder`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::folder)]
pub(crate) struct FolderRow {
    id: String,
    parent_id: Option<String>,
    user_id: String,
    name: String,
    items: Option<Value>,
    meta: Option<Value>,
    is_expanded: bool,
    created_at: i64,
    updated_at: i64,
    data: Option<Value>,
}

impl From<FolderRow> for Folder {
    fn from(row: FolderRow) -> Self {
        let some = |value: Option<Value>| value.filter(|value| !value.is_null());
        Self {
            id: FolderId::new(row.id),
            parent: row.parent_id.map(FolderId::new),
            owner: UserId::new(row.user_id),
            name: row.name,
            items: some(row.items),
            meta: some(row.meta),
            data: some(row.data),
            is_expanded: row.is_expanded,
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
        }
    }
}

impl From<&Folder> for FolderRow {
    fn from(folder: &Folder) -> Self {
        Self {
            id: folder.id.to_string(),
            parent_id: folder.parent.as_ref().map(ToString::to_string),
            user_id: folder.owner.to_string(),
            name: folder.name.clone(),
            items: folder.items.clone(),
            meta: folder.meta.clone(),
            is_expanded: folder.is_expanded,
            created_at: folder.created_at.seconds(),
            updated_at: folder.updated_at.seconds(),
            data: folder.data.clone(),
        }
    }
}

/// A row of `tag`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::tag)]
pub(crate) struct TagRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) user_id: String,
    pub(crate) meta: Option<Value>,
}

impl From<TagRow> for Tag {
    fn from(row: TagRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            owner: UserId::new(row.user_id),
            meta: row.meta.filter(|meta| !meta.is_null()),
        }
    }
}
