use keelson_domain::config::table;
use poem_openapi::Object;

use crate::json::Nullable;
use crate::settings_form::{Field, SettingsForm};

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
    autocomplete_generation_input_max_length: i64,
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

impl SettingsForm for TaskConfig {
    const FIELDS: &'static [Field] = &[
        Field::of(table::TASK_MODEL),
        Field::of(table::TASK_MODEL_EXTERNAL),
        Field::of(table::TITLE_GENERATION_PROMPT_TEMPLATE),
        Field::of(table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE),
        Field::of(table::ENABLE_AUTOCOMPLETE_GENERATION),
        Field::of(table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH),
        Field::of(table::TAGS_GENERATION_PROMPT_TEMPLATE),
        Field::of(table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE),
        Field::of(table::ENABLE_FOLLOW_UP_GENERATION),
        Field::of(table::ENABLE_TAGS_GENERATION),
        Field::of(table::ENABLE_TITLE_GENERATION),
        Field::of(table::ENABLE_SEARCH_QUERY_GENERATION),
        Field::of(table::ENABLE_RETRIEVAL_QUERY_GENERATION),
        Field::of(table::QUERY_GENERATION_PROMPT_TEMPLATE),
        Field::of(table::TOOLS_FUNCTION_CALLING_PROMPT_TEMPLATE),
        Field::of(table::VOICE_MODE_PROMPT_TEMPLATE),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<TaskConfig>();
    }
}
