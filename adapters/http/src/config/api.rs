use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::{Setting, Snapshot};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::settings_form;
use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiResult;
use crate::json::{JsonObject, Nullable};

/// What admins set about connections, code and models, and the settings as a whole.
pub struct ConfigApi {
    /// The settings in force.
    pub settings: Arc<Settings>,
}

settings_form! {
    /// Which connections users may make, and whether model lists are kept.
    ConnectionsConfigForm {
        enable_direct_connections: bool => ENABLE_DIRECT_CONNECTIONS,
        enable_base_models_cache: bool => ENABLE_BASE_MODELS_CACHE,
    }
}

settings_form! {
    /// Where code runs that people start, and code that models start.
    CodeInterpreterConfigForm {
        enable_code_execution: bool => ENABLE_CODE_EXECUTION,
        code_execution_engine: String => CODE_EXECUTION_ENGINE,
        code_execution_jupyter_url: Nullable<String> => CODE_EXECUTION_JUPYTER_URL,
        code_execution_jupyter_auth: Nullable<String> => CODE_EXECUTION_JUPYTER_AUTH,
        code_execution_jupyter_auth_token: Nullable<String> => CODE_EXECUTION_JUPYTER_AUTH_TOKEN,
        code_execution_jupyter_auth_password: Nullable<String> => CODE_EXECUTION_JUPYTER_AUTH_PASSWORD,
        code_execution_jupyter_timeout: Nullable<i64> => CODE_EXECUTION_JUPYTER_TIMEOUT,
        enable_code_interpreter: bool => ENABLE_CODE_INTERPRETER,
        code_interpreter_engine: String => CODE_INTERPRETER_ENGINE,
        code_interpreter_prompt_template: Nullable<String> => CODE_INTERPRETER_PROMPT_TEMPLATE,
        code_interpreter_jupyter_url: Nullable<String> => CODE_INTERPRETER_JUPYTER_URL,
        code_interpreter_jupyter_auth: Nullable<String> => CODE_INTERPRETER_JUPYTER_AUTH,
        code_interpreter_jupyter_auth_token: Nullable<String> => CODE_INTERPRETER_JUPYTER_AUTH_TOKEN,
        code_interpreter_jupyter_auth_password: Nullable<String> => CODE_INTERPRETER_JUPYTER_AUTH_PASSWORD,
        code_interpreter_jupyter_timeout: Nullable<i64> => CODE_INTERPRETER_JUPYTER_TIMEOUT,
    }
}

settings_form! {
    /// Which models are chosen and pinned at first, and their order.
    ModelsConfigForm {
        default_models: Nullable<String> => DEFAULT_MODELS,
        default_pinned_models: Nullable<String> => DEFAULT_PINNED_MODELS,
        model_order_list: Nullable<Vec<String>> => MODEL_ORDER_LIST,
    }
}

/// A whole configuration.
#[derive(Object)]
struct ImportConfigForm {
    config: JsonObject,
}

impl ConfigApi {
    /// Changes all of a form at once and shows the result.
    async fn save(
        &self,
        changes: &[(Setting, Value)],
        shown: fn(&Snapshot) -> Value,
    ) -> ApiResult<Json<Value>> {
        Ok(Json(shown(self.settings.change(changes).await?.as_ref())))
    }

    /// The stored tree with the version that the reference writes.
    async fn tree(&self) -> ApiResult<Json<Value>> {
        let mut tree = self.settings.export().await?.tree;
        if tree.get("version").is_none() {
            tree["version"] = json!(0);
        }
        Ok(Json(tree))
    }
}

#[OpenApi]
impl ConfigApi {
    /// Which connections users may make.
    #[oai(path = "/api/v1/configs/connections", method = "get")]
    async fn connections(&self, _admin: Admin) -> Json<Value> {
        Json(ConnectionsConfigForm::shown(&self.settings.current()))
    }

    /// Sets which connections users may make.
    #[oai(path = "/api/v1/configs/connections", method = "post")]
    async fn set_connections(
        &self,
        _admin: Admin,
        body: Body<ConnectionsConfigForm>,
    ) -> ApiResult<Json<Value>> {
        self.save(&body.0.changes(), ConnectionsConfigForm::shown).await
    }

    /// Where code runs.
    #[oai(path = "/api/v1/configs/code_execution", method = "get")]
    async fn code_execution(&self, _admin: Admin) -> Json<Value> {
        Json(CodeInterpreterConfigForm::shown(&self.settings.current()))
    }

    /// Sets where code runs.
    #[oai(path = "/api/v1/configs/code_execution", method = "post")]
    async fn set_code_execution(
        &self,
        _admin: Admin,
        body: Body<CodeInterpreterConfigForm>,
    ) -> ApiResult<Json<Value>> {
        self.save(&body.0.changes(), CodeInterpreterConfigForm::shown)
            .await
    }

    /// Which models come first.
    #[oai(path = "/api/v1/configs/models", method = "get")]
    async fn models(&self, _admin: Admin) -> Json<Value> {
        Json(ModelsConfigForm::shown(&self.settings.current()))
    }

    /// Sets which models come first.
    #[oai(path = "/api/v1/configs/models", method = "post")]
    async fn set_models(&self, _admin: Admin, body: Body<ModelsConfigForm>) -> ApiResult<Json<Value>> {
        self.save(&body.0.changes(), ModelsConfigForm::shown).await
    }

    /// Everything that was ever changed, secrets too: an admin's backup.
    #[oai(path = "/api/v1/configs/export", method = "get")]
    async fn export(&self, _admin: Admin) -> ApiResult<Json<Value>> {
        self.tree().await
    }

    /// Puts a backup in the place of everything that was ever changed.
    #[oai(path = "/api/v1/configs/import", method = "post")]
    async fn import(&self, _admin: Admin, body: Body<ImportConfigForm>) -> ApiResult<Json<Value>> {
        self.settings.import(Value::Object(body.0.config.0)).await?;
        self.tree().await
    }
}
