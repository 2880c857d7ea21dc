use diesel::prelude::*;
use keelson_domain::config::StoredSettings;
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::{JsonColumn, RowDecoder, schema};
use serde_json::{Value, json};

/// A row of `config`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::config)]
pub(super) struct ConfigRow {
    pub(super) id: i32,
    data: JsonColumn,
    version: i32,
}

impl ConfigRow {
    /// What nothing may stand in for: with the defaults instead, a closed server would be open.
    pub(super) fn into_domain(self) -> StoreResult<StoredSettings> {
        let key = self.id.to_string();
        let row = RowDecoder::new("config", &key);
        Ok(StoredSettings {
            version: i64::from(self.version),
            tree: Value::Object(row.required_object("data", self.data)?),
        })
    }
}

/// What is stored where nothing was ever changed.
pub(super) fn nothing_stored() -> StoredSettings {
    StoredSettings {
        version: 0,
        tree: json!({}),
    }
}
