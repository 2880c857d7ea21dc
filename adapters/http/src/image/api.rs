use std::sync::Arc;

use keelson_application::config::Settings;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::ImageSettings;
use crate::caller::Admin;
use crate::config::ConfigResult;
use crate::json::Declared;
use crate::settings_form::in_force;

/// What admins set about pictures.
pub(super) struct ImageApi {
    pub(super) settings: Arc<Settings>,
}

#[OpenApi(prefix_path = "/api/v1/images", tag = "Tag::Images")]
impl ImageApi {
    /// Reads the settings of pictures, with their keys.
    #[oai(path = "/config", method = "get", operation_id = "images_get_config")]
    async fn config(&self, _admin: Admin) -> ConfigResult<Json<Declared<ImageSettings>>> {
        Ok(Json(in_force(&self.settings.current())))
    }
}
