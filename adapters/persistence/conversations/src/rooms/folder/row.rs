use diesel::prelude::*;
use keelson_domain::folder::{Folder, FolderId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};
use serde_json::Value;

/// A row of `folder`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::folder)]
pub(super) struct FolderRow {
    id: String,
    parent_id: Option<String>,
    user_id: String,
    name: String,
    items: Option<JsonColumn>,
    meta: Option<JsonColumn>,
    is_expanded: bool,
    created_at: i64,
    updated_at: i64,
    data: Option<JsonColumn>,
}

impl FolderRow {
    pub(super) fn into_domain(self) -> Folder {
        let row = RowDecoder::new("folder", &self.id);
        Folder {
            parent: self.parent_id.map(FolderId::new),
            owner: UserId::new(self.user_id),
            name: self.name,
            items: row.json("items", self.items),
            meta: row.json("meta", self.meta),
            data: row.json("data", self.data),
            is_expanded: self.is_expanded,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: FolderId::new(self.id),
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
            items: folder.items.clone().map(JsonColumn::from),
            meta: folder.meta.clone().map(JsonColumn::from),
            is_expanded: folder.is_expanded,
            created_at: folder.created_at.seconds(),
            updated_at: folder.updated_at.seconds(),
            data: folder.data.clone().map(JsonColumn::from),
        }
    }
}

/// What an update sets; `None` leaves a column alone.
#[derive(AsChangeset)]
#[diesel(table_name = schema::folder)]
pub(super) struct FolderChangeRow {
    pub(super) name: Option<String>,
    pub(super) parent_id: Option<Option<String>>,
    pub(super) data: Option<Value>,
    pub(super) meta: Option<Value>,
    pub(super) is_expanded: Option<bool>,
    pub(super) updated_at: i64,
}
