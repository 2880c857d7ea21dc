use keelson_domain::config::table::*;
use poem_openapi::Object;
use serde_json::Value;

use crate::json::{Column, Extra, Free, JsonObject, Nullable};
use crate::settings_form::{Field, SettingsForm};

/// Which connections users may make, and whether model lists are kept.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct ConnectionsConfigForm {
    /// Whether users may connect their browsers with providers of their own.
    enable_direct_connections: bool,
    /// Whether lists of models are kept until somebody asks for new ones.
    enable_base_models_cache: bool,
}

impl SettingsForm for ConnectionsConfigForm {
    const FIELDS: &'static [Field] = &[
        Field::of(ENABLE_DIRECT_CONNECTIONS),
        Field::of(ENABLE_BASE_MODELS_CACHE),
    ];
}

/// Where code runs that people start, and code that models start.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct CodeInterpreterConfigForm {
    enable_code_execution: bool,
    code_execution_engine: String,
    code_execution_jupyter_url: Nullable<String>,
    code_execution_jupyter_auth: Nullable<String>,
    code_execution_jupyter_auth_token: Nullable<String>,
    code_execution_jupyter_auth_password: Nullable<String>,
    /// In seconds.
    code_execution_jupyter_timeout: Nullable<i64>,
    enable_code_interpreter: bool,
    code_interpreter_engine: String,
    code_interpreter_prompt_template: Nullable<String>,
    code_interpreter_jupyter_url: Nullable<String>,
    code_interpreter_jupyter_auth: Nullable<String>,
    code_interpreter_jupyter_auth_token: Nullable<String>,
    code_interpreter_jupyter_auth_password: Nullable<String>,
    /// In seconds.
    code_interpreter_jupyter_timeout: Nullable<i64>,
}

impl SettingsForm for CodeInterpreterConfigForm {
    const FIELDS: &'static [Field] = &[
        Field::of(ENABLE_CODE_EXECUTION),
        Field::of(CODE_EXECUTION_ENGINE),
        Field::of(CODE_EXECUTION_JUPYTER_URL),
        Field::of(CODE_EXECUTION_JUPYTER_AUTH),
        Field::of(CODE_EXECUTION_JUPYTER_AUTH_TOKEN),
        Field::of(CODE_EXECUTION_JUPYTER_AUTH_PASSWORD),
        Field::of(CODE_EXECUTION_JUPYTER_TIMEOUT),
        Field::of(ENABLE_CODE_INTERPRETER),
        Field::of(CODE_INTERPRETER_ENGINE),
        Field::of(CODE_INTERPRETER_PROMPT_TEMPLATE),
        Field::of(CODE_INTERPRETER_JUPYTER_URL),
        Field::of(CODE_INTERPRETER_JUPYTER_AUTH),
        Field::of(CODE_INTERPRETER_JUPYTER_AUTH_TOKEN),
        Field::of(CODE_INTERPRETER_JUPYTER_AUTH_PASSWORD),
        Field::of(CODE_INTERPRETER_JUPYTER_TIMEOUT),
    ];
}

/// Which models are chosen and pinned at first, and their order.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct ModelsConfigForm {
    /// Ids, separated by commas.
    default_models: Nullable<String>,
    /// Ids, separated by commas.
    default_pinned_models: Nullable<String>,
    /// Ids in their order; models that are not named come last.
    model_order_list: Nullable<Vec<String>>,
}

impl SettingsForm for ModelsConfigForm {
    const FIELDS: &'static [Field] = &[
        Field::of(DEFAULT_MODELS),
        Field::of(DEFAULT_PINNED_MODELS),
        Field::of(MODEL_ORDER_LIST),
    ];
}

/// Everything that was ever changed.
pub(super) struct SettingsTree;

impl Column for SettingsTree {
    const NAME: &'static str = "SettingsTree";
    const DESCRIPTION: &'static str =
        "Every setting that was ever changed, secrets too, as a tree of sections.";
}

/// A whole configuration.
#[derive(Object)]
pub(super) struct ImportConfigForm {
    pub(super) config: Free<SettingsTree>,
}

/// A suggestion for a first prompt.
#[derive(Object)]
pub(crate) struct PromptSuggestion {
    /// The title's lines.
    title: Vec<String>,
    /// The prompt.
    content: String,
}

/// Suggestions for a first prompt.
#[derive(Object)]
pub(super) struct SetDefaultSuggestionsForm {
    pub(super) suggestions: Vec<PromptSuggestion>,
}

/// A banner on every page.
#[derive(Object)]
#[oai(rename = "BannerModel")]
pub(super) struct Banner {
    id: String,
    /// `info`, `success`, `warning` or `error`.
    #[oai(rename = "type")]
    kind: String,
    title: Option<String>,
    content: String,
    /// Whether people can close it.
    dismissible: bool,
    /// When it was written, in seconds since 1970.
    timestamp: i64,
}

/// Banners on every page.
#[derive(Object)]
pub(super) struct SetBannersForm {
    pub(super) banners: Vec<Banner>,
}

/// A tool server.
#[derive(Object)]
struct ToolServerConnection {
    url: String,
    /// Where its OpenAPI document is, below the URL.
    path: String,
    /// `openapi` or `mcp`.
    #[oai(rename = "type", default = "openapi")]
    kind: String,
    auth_type: Nullable<String>,
    /// Headers of every request to it: an object, or one as text.
    headers: Option<Value>,
    key: Nullable<String>,
    config: Nullable<JsonObject>,
    #[oai(flatten)]
    extra: Extra,
}

fn openapi() -> String {
    "openapi".to_owned()
}

/// The tool servers that everybody may use.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct ToolServersConfigForm {
    tool_server_connections: Vec<ToolServerConnection>,
}

impl SettingsForm for ToolServersConfigForm {
    const FIELDS: &'static [Field] = &[Field::of(TOOL_SERVER_CONNECTIONS)];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<ConnectionsConfigForm>();
        assert_bound::<CodeInterpreterConfigForm>();
        assert_bound::<ModelsConfigForm>();
        assert_bound::<ToolServersConfigForm>();
    }
}
