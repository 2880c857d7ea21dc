use keelson_domain::config::{Setting, Snapshot, table};
use poem_openapi::Object;
use serde_json::{Value, json};

use crate::json::Nullable;

/// The settings of background generations.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct TaskConfig {
    /// The model that generates for chats with local models; empty for the chat's own.
    task_model: Nullable<String>,
    /// The model that generates for chats with external models; empty for the chat's own.
    task_model_external: Nullable<String>,
    title_generation_prompt_template: String,
    image_prompt_generation_prompt_template: String,
    enable_autocomplete_generation: bool,
    /// The longest text that is completed, in characters; -1 for no limit.
    autocomplete_generation_input_max_length: Nullable<i64>,
    tags_generation_prompt_template: String,
    follow_up_generation_prompt_template: String,
    enable_follow_up_generation: bool,
    enable_tags_generation: bool,
    enable_title_generation: bool,
    enable_search_query_generation: bool,
    enable_retrieval_query_generation: bool,
    query_generation_prompt_template: String,
    tools_function_calling_prompt_template: Nullable<String>,
    voice_mode_prompt_template: Nullable<String>,
}

impl From<&Snapshot> for TaskConfig {
    fn from(settings: &Snapshot) -> Self {
        let text = |setting| settings.text(setting).to_owned();
        let nullable = |setting| Nullable(settings.get(setting).as_str().map(str::to_owned));
        Self {
            task_model: nullable(&table::TASK_MODEL),
            task_model_external: nullable(&table::TASK_MODEL_EXTERNAL),
            title_generation_prompt_template: text(&table::TITLE_GENERATION_PROMPT_TEMPLATE),
            image_prompt_generation_prompt_template: text(&table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE),
            enable_autocomplete_generation: settings.bool(&table::ENABLE_AUTOCOMPLETE_GENERATION),
            autocomplete_generation_input_max_length: settings
                .int(&table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH)
                .into(),
            tags_generation_prompt_template: text(&table::TAGS_GENERATION_PROMPT_TEMPLATE),
            follow_up_generation_prompt_template: text(&table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE),
            enable_follow_up_generation: settings.bool(&table::ENABLE_FOLLOW_UP_GENERATION),
            enable_tags_generation: settings.bool(&table::ENABLE_TAGS_GENERATION),
            enable_title_generation: settings.bool(&table::ENABLE_TITLE_GENERATION),
            enable_search_query_generation: settings.bool(&table::ENABLE_SEARCH_QUERY_GENERATION),
            enable_retrieval_query_generation: settings.bool(&table::ENABLE_RETRIEVAL_QUERY_GENERATION),
            query_generation_prompt_template: text(&table::QUERY_GENERATION_PROMPT_TEMPLATE),
            tools_function_calling_prompt_template: nullable(&table::TOOLS_FUNCTION_CALLING_PROMPT_TEMPLATE),
            voice_mode_prompt_template: nullable(&table::VOICE_MODE_PROMPT_TEMPLATE),
        }
    }
}

/// The settings of background generations, to be stored.
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
    /// The settings that the form sets.
    pub(super) fn into_changes(self) -> Vec<(Setting, Value)> {
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
