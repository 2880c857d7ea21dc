use diesel::prelude::*;
use keelson_domain::file::File;
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `file`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::file)]
pub(super) struct FileRow {
    id: String,
    user_id: String,
    filename: String,
    hash: Option<String>,
    path: Option<String>,
    data: Option<JsonColumn>,
    meta: Option<JsonColumn>,
    access_control: Option<JsonColumn>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl FileRow {
    pub(super) fn into_domain(self) -> File {
        let row = RowDecoder::new("file", &self.id);
        File {
            owner: self.user_id.into(),
            filename: self.filename,
            hash: self.hash,
            path: self.path,
            data: row.json("data", self.data),
            meta: row.json("meta", self.meta),
            access_control: row.access_rules(self.access_control),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at.unwrap_or(self.created_at)),
            id: self.id.into(),
        }
    }
}
