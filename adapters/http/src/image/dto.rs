use keelson_domain::config::table::*;
use poem_openapi::Object;

use crate::json::{Column, Free};
use crate::settings_form::{Field, SettingsForm};

/// What an engine is told beyond the settings.
pub(super) struct EngineParams;

impl Column for EngineParams {
    const NAME: &'static str = "ImageParams";
    const DESCRIPTION: &'static str = "Parameters of the engine's own, sent to it as they are.";
}

/// A node of a workflow.
pub(super) struct WorkflowNode;

impl Column for WorkflowNode {
    const NAME: &'static str = "WorkflowNode";
    const DESCRIPTION: &'static str =
        "A node of a ComfyUI workflow that a prompt, a model or a size is written into.";
}

/// How pictures are made and edited.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct ImageSettings {
    #[oai(rename = "AUTOMATIC1111_API_AUTH")]
    automatic1111_api_auth: String,
    #[oai(rename = "AUTOMATIC1111_BASE_URL")]
    automatic1111_base_url: String,
    #[oai(rename = "AUTOMATIC1111_PARAMS")]
    automatic1111_params: Free<EngineParams>,
    comfyui_api_key: String,
    comfyui_base_url: String,
    comfyui_workflow: String,
    comfyui_workflow_nodes: Vec<Free<WorkflowNode>>,
    enable_image_edit: bool,
    enable_image_generation: bool,
    enable_image_prompt_generation: bool,
    images_edit_comfyui_api_key: String,
    images_edit_comfyui_base_url: String,
    images_edit_comfyui_workflow: String,
    images_edit_comfyui_workflow_nodes: Vec<Free<WorkflowNode>>,
    images_edit_gemini_api_base_url: String,
    images_edit_gemini_api_key: String,
    images_edit_openai_api_base_url: String,
    images_edit_openai_api_key: String,
    images_edit_openai_api_version: String,
    images_gemini_api_base_url: String,
    images_gemini_api_key: String,
    images_gemini_endpoint_method: String,
    images_openai_api_base_url: String,
    images_openai_api_key: String,
    images_openai_api_params: Free<EngineParams>,
    images_openai_api_version: String,
    image_edit_engine: String,
    image_edit_model: String,
    /// Width and height in pixels, such as `512x512`.
    image_edit_size: String,
    image_generation_engine: String,
    image_generation_model: String,
    /// Width and height in pixels, such as `512x512`.
    image_size: String,
    image_steps: i64,
}

impl SettingsForm for ImageSettings {
    const FIELDS: &'static [Field] = &[
        Field::of(AUTOMATIC1111_API_AUTH),
        Field::of(AUTOMATIC1111_BASE_URL),
        Field::of(AUTOMATIC1111_PARAMS),
        Field::of(COMFYUI_API_KEY),
        Field::of(COMFYUI_BASE_URL),
        Field::of(COMFYUI_WORKFLOW),
        Field::of(COMFYUI_WORKFLOW_NODES),
        Field::of(ENABLE_IMAGE_EDIT),
        Field::of(ENABLE_IMAGE_GENERATION),
        Field::of(ENABLE_IMAGE_PROMPT_GENERATION),
        Field::of(IMAGES_EDIT_COMFYUI_API_KEY),
        Field::of(IMAGES_EDIT_COMFYUI_BASE_URL),
        Field::of(IMAGES_EDIT_COMFYUI_WORKFLOW),
        Field::of(IMAGES_EDIT_COMFYUI_WORKFLOW_NODES),
        Field::of(IMAGES_EDIT_GEMINI_API_BASE_URL),
        Field::of(IMAGES_EDIT_GEMINI_API_KEY),
        Field::of(IMAGES_EDIT_OPENAI_API_BASE_URL),
        Field::of(IMAGES_EDIT_OPENAI_API_KEY),
        Field::of(IMAGES_EDIT_OPENAI_API_VERSION),
        Field::of(IMAGES_GEMINI_API_BASE_URL),
        Field::of(IMAGES_GEMINI_API_KEY),
        Field::of(IMAGES_GEMINI_ENDPOINT_METHOD),
        Field::of(IMAGES_OPENAI_API_BASE_URL),
        Field::of(IMAGES_OPENAI_API_KEY),
        Field::of(IMAGES_OPENAI_API_PARAMS),
        Field::of(IMAGES_OPENAI_API_VERSION),
        Field::of(IMAGE_EDIT_ENGINE),
        Field::of(IMAGE_EDIT_MODEL),
        Field::of(IMAGE_EDIT_SIZE),
        Field::of(IMAGE_GENERATION_ENGINE),
        Field::of(IMAGE_GENERATION_MODEL),
        Field::of(IMAGE_SIZE),
        Field::of(IMAGE_STEPS),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<ImageSettings>();
    }
}
