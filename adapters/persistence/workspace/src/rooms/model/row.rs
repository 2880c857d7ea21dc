use diesel::prelude::*;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use keelson_persistence_kit::schema::model;
use keelson_persistence_kit::{JsonColumn, RowDecoder};
use serde_json::{Map, Value};

/// A row of `model`; its parameters and description are JSON kept as text.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = model, treat_none_as_null = true)]
pub(super) struct ModelRow {
    id: String,
    user_id: String,
    pub(super) base_model_id: Option<String>,
    pub(super) name: String,
    pub(super) meta: String,
    pub(super) params: String,
    created_at: i64,
    pub(super) updated_at: i64,
    pub(super) access_control: Option<JsonColumn>,
    pub(super) is_active: bool,
}

fn text(fields: &Map<String, Value>) -> String {
    Value::Object(fields.clone()).to_string()
}

impl ModelRow {
    pub(super) fn into_domain(self) -> Model {
        let row = RowDecoder::new("model", &self.id);
        Model {
            owner: UserId::new(self.user_id),
            base: self.base_model_id.map(ModelId::new),
            name: self.name,
            params: row.object_text("params", &self.params),
            meta: row.object_text("meta", &self.meta),
            access_control: row.access_rules(self.access_control),
            is_active: self.is_active,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: ModelId::new(self.id),
        }
    }
}

impl From<&Model> for ModelRow {
    fn from(model: &Model) -> Self {
        Self {
            id: model.id.to_string(),
            user_id: model.owner.to_string(),
            base_model_id: model.base.as_ref().map(ToString::to_string),
            name: model.name.clone(),
            meta: text(&model.meta),
            params: text(&model.params),
            created_at: model.created_at.seconds(),
            updated_at: model.updated_at.seconds(),
            access_control: model.access_control.clone().map(JsonColumn::from),
            is_active: model.is_active,
        }
    }
}

/// The names of the tags in a model's description, as it is stored.
pub(super) fn tag_names(id: &str, meta: &str) -> Vec<String> {
    let meta = RowDecoder::new("model", id).object_text("meta", meta);
    let tags = meta.get("tags").and_then(Value::as_array);
    let names = tags
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name")?.as_str());
    names.map(str::to_owned).collect()
}
