use std::sync::Arc;

use keelson_application::config::Settings;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use serde_json::Value;

use crate::caller::Admin;
use crate::config::named;

/// What admins set about pictures.
pub struct ImageApi {
    /// The settings in force.
    pub settings: Arc<Settings>,
}

/// The settings of pictures.
const SETTINGS: [&str; 33] = [
    "AUTOMATIC1111_API_AUTH",
    "AUTOMATIC1111_BASE_URL",
    "AUTOMATIC1111_PARAMS",
    "COMFYUI_API_KEY",
    "COMFYUI_BASE_URL",
    "COMFYUI_WORKFLOW",
    "COMFYUI_WORKFLOW_NODES",
    "ENABLE_IMAGE_EDIT",
    "ENABLE_IMAGE_GENERATION",
    "ENABLE_IMAGE_PROMPT_GENERATION",
    "IMAGES_EDIT_COMFYUI_API_KEY",
    "IMAGES_EDIT_COMFYUI_BASE_URL",
    "IMAGES_EDIT_COMFYUI_WORKFLOW",
    "IMAGES_EDIT_COMFYUI_WORKFLOW_NODES",
    "IMAGES_EDIT_GEMINI_API_BASE_URL",
    "IMAGES_EDIT_GEMINI_API_KEY",
    "IMAGES_EDIT_OPENAI_API_BASE_URL",
    "IMAGES_EDIT_OPENAI_API_KEY",
    "IMAGES_EDIT_OPENAI_API_VERSION",
    "IMAGES_GEMINI_API_BASE_URL",
    "IMAGES_GEMINI_API_KEY",
    "IMAGES_GEMINI_ENDPOINT_METHOD",
    "IMAGES_OPENAI_API_BASE_URL",
    "IMAGES_OPENAI_API_KEY",
    "IMAGES_OPENAI_API_PARAMS",
    "IMAGES_OPENAI_API_VERSION",
    "IMAGE_EDIT_ENGINE",
    "IMAGE_EDIT_MODEL",
    "IMAGE_EDIT_SIZE",
    "IMAGE_GENERATION_ENGINE",
    "IMAGE_GENERATION_MODEL",
    "IMAGE_SIZE",
    "IMAGE_STEPS",
];

#[OpenApi]
impl ImageApi {
    /// The settings of pictures, with their keys.
    #[oai(path = "/api/v1/images/config", method = "get")]
    async fn config(&self, _admin: Admin) -> Json<Value> {
        Json(Value::Object(named(&self.settings.current(), &SETTINGS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_setting() {
        assert_eq!(crate::config::unknown(&SETTINGS), [""; 0]);
    }
}
