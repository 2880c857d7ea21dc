use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::table;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use crate::body::Body;
use crate::caller::Admin;
use crate::config::ConfigResult;
use crate::json::{Column, Declared, Free, Nullable};
use crate::settings_form::{Field, SettingsForm, in_force};

/// An arena.
struct ArenaModel;

impl Column for ArenaModel {
    const NAME: &'static str = "ArenaModel";
    const DESCRIPTION: &'static str =
        "An arena: `id`, `name` and `meta` with `model_ids`, `filter_mode`, `access_control`…";
}

pub(super) struct ArenaApi {
    pub(super) settings: Arc<Settings>,
}

/// The arenas, in which a random model answers.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct ArenaConfig {
    /// Whether arenas can be chosen.
    enable_evaluation_arena_models: Nullable<bool>,
    /// The arenas; none for one of all models.
    evaluation_arena_models: Vec<Free<ArenaModel>>,
}

impl SettingsForm for ArenaConfig {
    const FIELDS: &'static [Field] = &[
        Field::of(table::ENABLE_EVALUATION_ARENA_MODELS),
        Field::of(table::EVALUATION_ARENA_MODELS),
    ];
}

/// The arenas to store; what is left out stays.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE", skip_serializing_if_is_none)]
struct ArenaConfigForm {
    enable_evaluation_arena_models: Option<bool>,
    evaluation_arena_models: Option<Vec<Free<ArenaModel>>>,
}

impl SettingsForm for ArenaConfigForm {
    const FIELDS: &'static [Field] = ArenaConfig::FIELDS;
}

#[OpenApi(prefix_path = "/api/v1/evaluations", tag = "Tag::Evaluations")]
impl ArenaApi {
    /// Reads the arenas.
    #[oai(path = "/config", method = "get", operation_id = "evaluations_get_config")]
    async fn config(&self, _admin: Admin) -> Json<Declared<ArenaConfig>> {
        Json(in_force(&self.settings.current()))
    }

    /// Changes the arenas.
    #[oai(path = "/config", method = "post", operation_id = "evaluations_update_config")]
    async fn update_config(
        &self,
        _admin: Admin,
        form: Body<ArenaConfigForm>,
    ) -> ConfigResult<Json<Declared<ArenaConfig>>> {
        let changed = self.settings.change(&form.0.changes()).await?;
        Ok(Json(in_force(&changed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<ArenaConfig>();
        assert_bound::<ArenaConfigForm>();
    }
}
