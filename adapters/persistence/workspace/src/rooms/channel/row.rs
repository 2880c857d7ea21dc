use diesel::prelude::*;
use keelson_domain::channel::Channel;
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `channel`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::channel)]
pub(super) struct ChannelRow {
    id: String,
    user_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    kind: Option<String>,
    is_private: Option<bool>,
    data: Option<JsonColumn>,
    meta: Option<JsonColumn>,
    access_control: Option<JsonColumn>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    updated_by: Option<String>,
    archived_at: Option<i64>,
    archived_by: Option<String>,
    deleted_at: Option<i64>,
    deleted_by: Option<String>,
}

impl ChannelRow {
    pub(super) fn into_domain(self) -> Channel {
        let row = RowDecoder::new("channel", &self.id);
        Channel {
            owner: self.user_id.unwrap_or_default().into(),
            name: self.name.unwrap_or_default(),
            description: self.description,
            stored_kind: self.kind,
            is_private: self.is_private,
            data: row.json("data", self.data),
            meta: row.json("meta", self.meta),
            access_control: row.access_rules(self.access_control),
            created_at: Timestamp::from_nanos(self.created_at.unwrap_or_default()),
            updated_at: Timestamp::from_nanos(self.updated_at.unwrap_or_default()),
            updated_by: self.updated_by,
            archived_at: self.archived_at.map(Timestamp::from_nanos),
            archived_by: self.archived_by,
            deleted_at: self.deleted_at.map(Timestamp::from_nanos),
            deleted_by: self.deleted_by,
            id: self.id.into(),
        }
    }
}
