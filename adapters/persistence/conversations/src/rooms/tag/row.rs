use diesel::prelude::*;
use keelson_domain::tag::Tag;
use keelson_domain::user::UserId;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `tag`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::tag)]
pub(crate) struct TagRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) user_id: String,
    pub(crate) meta: Option<JsonColumn>,
}

impl TagRow {
    pub(crate) fn into_domain(self) -> Tag {
        let row = RowDecoder::new("tag", &self.id);
        Tag {
            name: self.name,
            owner: UserId::new(self.user_id),
            meta: row.json("meta", self.meta),
            id: self.id,
        }
    }
}
