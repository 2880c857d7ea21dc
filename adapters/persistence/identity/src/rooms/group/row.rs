use diesel::prelude::*;
use keelson_domain::group::{Group, GroupId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `group`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::group)]
pub(super) struct GroupRow {
    id: String,
    user_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    data: Option<JsonColumn>,
    meta: Option<JsonColumn>,
    permissions: Option<JsonColumn>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

impl GroupRow {
    pub(super) fn into_domain(self) -> Group {
        let row = RowDecoder::new("group", &self.id);
        Group {
            owner: UserId::new(self.user_id.unwrap_or_default()),
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            data: row.json("data", self.data),
            meta: row.json("meta", self.meta),
            permissions: row.json("permissions", self.permissions),
            created_at: Timestamp::from_seconds(self.created_at.unwrap_or_default()),
            updated_at: Timestamp::from_seconds(self.updated_at.unwrap_or_default()),
            id: GroupId::new(self.id),
        }
    }
}
