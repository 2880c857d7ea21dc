use keelson_application::model::{ListedModel, ModelError, SaveModel};
use keelson_domain::model::{Model, ModelId};
use poem_openapi::Object;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::json::JsonObject;

/// What someone writes about a model.
#[derive(Object)]
pub(super) struct ModelForm {
    id: String,
    base_model_id: Option<String>,
    name: String,
    meta: JsonObject,
    params: JsonObject,
    access_control: Option<JsonObject>,
    is_active: Option<bool>,
}

impl ModelForm {
    pub(super) fn into_model(self) -> SaveModel {
        SaveModel {
            id: ModelId::new(self.id),
            base: self.base_model_id.map(ModelId::new),
            name: self.name,
            meta: self.meta.0,
            params: self.params.0,
            access_control: self.access_control.map(|rules| Value::Object(rules.0)),
            is_active: self.is_active.unwrap_or(true),
        }
    }
}

/// A model of the workspace with everything.
pub(super) fn full(model: &Model) -> Value {
    json!({
        "id": model.id,
        "user_id": model.owner,
        "base_model_id": model.base,
        "name": model.name,
        "params": model.params,
        "meta": Model::complete_meta(model.meta.clone()),
        "access_control": model.access_control,
        "is_active": model.is_active,
        "updated_at": model.updated_at.seconds(),
        "created_at": model.created_at.seconds(),
    })
}

/// The same with its owner.
pub(super) fn listed(listed: &ListedModel) -> Value {
    let mut entry = full(&listed.model);
    entry["user"] = listed.owner.as_ref().map_or(
        Value::Null,
        |user| json!({"id": user.id, "name": user.name, "role": user.role, "email": user.email}),
    );
    entry
}

/// In the workspace an unknown model is 401, as the reference has it.
pub(super) fn unknown_is_unauthorized(error: ModelError) -> ApiError {
    match error {
        ModelError::NotFound => ApiError::unauthorized("There is no such model."),
        other => other.into(),
    }
}
