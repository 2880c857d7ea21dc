use keelson_domain::config::{Setting, Snapshot, table};
use poem_openapi::Object;
use serde_json::{Map, Value, json};

use crate::json::Nullable;

/// What background generations are told; the names are those of the settings.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct TaskConfigForm {
    task_model: Nullable<String>,
    task_model_external: Nullable<String>,
    enable_title_generation: bool,
    title_generation_prompt_template: String,
    image_prompt_generation_prompt_template: String,
    enable_autocomplete_generation: bool,
    autocomplete_generation_input_max_length: i64,
    tags_generation_prompt_template: String,
    follow_up_generation_prompt_template: String,
    enable_follow_up_generation: bool,
    enable_tags_generation: bool,
    enable_search_query_generation: bool,
    enable_retrieval_query_generation: bool,
    query_generation_prompt_template: String,
    tools_function_calling_prompt_template: Nullable<String>,
    voice_mode_prompt_template: Nullable<String>,
}

impl TaskConfigForm {
    pub(super) fn changes(self) -> Vec<(Setting, Value)> {
        vec![
            (table::TASK_MODEL, json!(self.task_model.0)),
            (table::TASK_MODEL_EXTERNAL, json!(self.task_model_external.0)),
            (
                table::ENABLE_TITLE_GENERATION,
                json!(self.enable_title_generation),
            ),
            (
                table::TITLE_GENERATION_PROMPT_TEMPLATE,
                json!(self.title_generation_prompt_template),
            ),
            (
                table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE,
                json!(self.image_prompt_generation_prompt_template),
            ),
            (
                table::ENABLE_AUTOCOMPLETE_GENERATION,
                json!(self.enable_autocomplete_generation),
            ),
            (
                table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH,
                json!(self.autocomplete_generation_input_max_length),
            ),
            (
                table::TAGS_GENERATION_PROMPT_TEMPLATE,
                json!(self.tags_generation_prompt_template),
            ),
            (
                table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE,
                json!(self.follow_up_generation_prompt_template),
            ),
            (
                table::ENABLE_FOLLOW_UP_GENERATION,
                json!(self.enable_follow_up_generation),
            ),
            (table::ENABLE_TAGS_GENERATION, json!(self.enable_tags_generation)),
            (
                table::ENABLE_SEARCH_QUERY_GENERATION,
                json!(self.enable_search_query_generation),
            ),
            (
                table::ENABLE_RETRIEVAL_QUERY_GENERATION,
                json!(self.enable_retrieval_query_generation),
            ),
            (
                table::QUERY_GENERATION_PROMPT_TEMPLATE,
                json!(self.query_generation_prompt_template),
            ),
            (
                table::TOOLS_FUNCTION_CALLING_PROMPT_TEMPLATE,
                json!(self.tools_function_calling_prompt_template.0),
            ),
            (
                table::VOICE_MODE_PROMPT_TEMPLATE,
                json!(self.voice_mode_prompt_template.0),
            ),
        ]
    }
}

/// The settings of background generations.
pub(super) fn shown(settings: &Snapshot) -> Value {
    let shown = [
        table::TASK_MODEL,
        table::TASK_MODEL_EXTERNAL,
        table::TITLE_GENERATION_PROMPT_TEMPLATE,
        table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE,
        table::ENABLE_AUTOCOMPLETE_GENERATION,
        table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH,
        table::TAGS_GENERATION_PROMPT_TEMPLATE,
        table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE,
        table::ENABLE_FOLLOW_UP_GENERATION,
        table::ENABLE_TAGS_GENERATION,
        table::ENABLE_TITLE_GENERATION,
        table::ENABLE_SEARCH_QUERY_GENERATION,
        table::ENABLE_RETRIEVAL_QUERY_GENERATION,
        table::QUERY_GENERATION_PROMPT_TEMPLATE,
        table::TOOLS_FUNCTION_CALLING_PROMPT_TEMPLATE,
        table::VOICE_MODE_PROMPT_TEMPLATE,
    ];
    let fields = shown
        .iter()
        .map(|setting| (setting.env.to_owned(), settings.get(setting).clone()));
    Value::Object(Map::from_iter(fields))
}
