use diesel::prelude::*;
use keelson_domain::knowledge::Knowledge;
use keelson_domain::shared::Timestamp;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};

/// A row of `knowledge`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::knowledge)]
pub(super) struct KnowledgeRow {
    id: String,
    user_id: String,
    name: String,
    description: Option<String>,
    meta: Option<JsonColumn>,
    access_control: Option<JsonColumn>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl KnowledgeRow {
    pub(super) fn into_domain(self) -> Knowledge {
        let row = RowDecoder::new("knowledge", &self.id);
        Knowledge {
            owner: self.user_id.into(),
            name: self.name,
            description: self.description,
            meta: row.json("meta", self.meta),
            access_control: row.access_rules(self.access_control),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at.unwrap_or(self.created_at)),
            id: self.id.into(),
        }
    }
}
