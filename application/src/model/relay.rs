use keelson_domain::auth::Caller;
use keelson_domain::model::{ProviderReply, ProviderRequest};
use serde_json::{Map, Value, json};

use super::forward::hide_existence;
use super::proxy_body::{check_only_model, named_model};
use super::{ModelError, Models};
use crate::prompting::{
    ParameterSource, VariableSource, apply_parameters, fill_variables, prepend_system_prompt,
};

impl Models {
    /// Relays a chat completion to the model's provider: of the body only the model's id, and the parameters and system
    /// prompt that the workspace gives the model, are changed.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`], [`ModelError::NoModelNamed`], [`ModelError::OtherModels`],
    /// [`ModelError::Provider`].
    pub async fn relay(
        &self,
        caller: &Caller,
        mut body: Map<String, Value>,
    ) -> Result<ProviderReply, ModelError> {
        // A missing model is an unknown one, as in the reference.
        let id = named_model(&body)?.unwrap_or_default();
        let sees_all = self.access.of(caller).await?.sees_all_models();
        if !sees_all {
            check_only_model(&body)?;
        }
        let model = match self.resolve(caller, id).await {
            Err(error) if !sees_all => return Err(hide_existence(error)),
            model => model?,
        };
        body.shift_remove("metadata");
        if let Some(params) = model.params() {
            apply_parameters(&mut body, params, ParameterSource::Model);
            self.add_system_prompt(&mut body, params, caller);
        }
        body.insert("model".to_owned(), json!(model.upstream_id));
        let request = ProviderRequest {
            body: Value::Object(body),
            headers: self.user_headers(caller, None),
        };
        Ok(model.provider.chat(&model.connection, request).await?)
    }

    /// What the variables of a prompt are filled from; `sent` by the client.
    pub(crate) fn variables<'v>(
        &'v self,
        sent: &'v Map<String, Value>,
        caller: &'v Caller,
    ) -> VariableSource<'v> {
        VariableSource {
            sent,
            user: &caller.user,
            now: self.clock.now(),
            time_zone: &self.deployment.general.time_zone,
        }
    }

    fn add_system_prompt(&self, body: &mut Map<String, Value>, params: &Map<String, Value>, caller: &Caller) {
        let prompt = params.get("system").and_then(Value::as_str).unwrap_or_default();
        if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
            && !prompt.is_empty()
        {
            let text = fill_variables(prompt, &self.variables(&Map::new(), caller));
            prepend_system_prompt(messages, &text);
        }
    }
}
