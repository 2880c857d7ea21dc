use std::sync::Arc;

use keelson_application::model::{ConnectionTest, Models};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::error::ModelResult;
use super::listing::{ModelList, ProviderModelList, write_list};
use super::settings::{ConnectionVerificationForm, OpenAiConfig};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiError;
use crate::json::Declared;
use crate::provider::{
    self, ChatCompletion, ChatCompletionForm, RelayedBody, RelayedBytes, Sound, SpeechForm,
};
use crate::raw::{EventStream, JsonText, Raw};
use crate::settings_form::{in_force, save};

pub(super) struct ConnectionApi {
    pub(super) models: Arc<Models>,
}

#[OpenApi(prefix_path = "/openai", tag = "Tag::Openai")]
impl ConnectionApi {
    /// Reads the connections, with their keys.
    #[oai(path = "/config", method = "get", operation_id = "openai_get_config")]
    async fn config(&self, _admin: Admin) -> Json<Declared<OpenAiConfig>> {
        Json(in_force(&self.models.settings().current()))
    }

    /// Replaces the connections.
    #[oai(
        path = "/config/update",
        method = "post",
        operation_id = "openai_update_config"
    )]
    async fn update_config(
        &self,
        _admin: Admin,
        form: Body<OpenAiConfig>,
    ) -> ModelResult<Json<Declared<OpenAiConfig>>> {
        let saved = save(self.models.settings(), &form.0.completed()).await;
        Ok(Json(saved.map_err(ApiError::from)?))
    }

    /// Tests a connection: lists the models of its provider.
    #[oai(path = "/verify", method = "post", operation_id = "openai_verify")]
    async fn verify(
        &self,
        admin: Admin,
        form: Body<ConnectionVerificationForm>,
    ) -> ModelResult<Raw<JsonText<ProviderModelList>>> {
        let test = ConnectionTest::from(form.0);
        let models = self.models.test_connection(&admin.0, test).await?;
        Ok(write_list(Some("list"), &models)?)
    }

    /// Lists the models of all connections that the caller may use.
    #[oai(path = "/models", method = "get", operation_id = "openai_list_models")]
    async fn list_models(&self, caller: VerifiedUser) -> ModelResult<Raw<JsonText<ModelList>>> {
        let models = self.models.list_provider_models(&caller.0).await?;
        Ok(write_list(None, &models)?)
    }

    /// Lists the models of one connection, as its provider does.
    #[oai(
        path = "/models/:url_idx",
        method = "get",
        operation_id = "openai_list_connection_models"
    )]
    async fn list_connection_models(
        &self,
        caller: VerifiedUser,
        /// The position of the connection, from 0.
        url_idx: Path<usize>,
    ) -> ModelResult<Raw<JsonText<ProviderModelList>>> {
        let models = self.models.list_connection_models(&caller.0, url_idx.0).await?;
        Ok(write_list(Some("list"), &models)?)
    }

    /// Relays a completion to the provider of its model.
    ///
    /// Of the body only the model's id and the parameters and system prompt of the workspace's model are changed.
    #[oai(path = "/chat/completions", method = "post", operation_id = "openai_complete")]
    async fn complete(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<ChatCompletionForm>,
    ) -> ModelResult<Raw<(JsonText<ChatCompletion>, EventStream)>> {
        let reply = self.models.relay(&caller.0, body.0).await?;
        Ok(provider::relay(reply).into())
    }

    /// Reads a text aloud at OpenAI.
    #[oai(path = "/audio/speech", method = "post", operation_id = "openai_speak")]
    async fn speak(&self, caller: VerifiedUser, body: RelayedBytes<SpeechForm>) -> ModelResult<Raw<Sound>> {
        let reply = self.models.speak(&caller.0, body.0).await?;
        Ok(provider::relay(reply).into())
    }
}
