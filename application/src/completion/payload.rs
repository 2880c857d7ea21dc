use keelson_domain::auth::Caller;
use keelson_domain::chat::ChatId;
use keelson_domain::model::ProviderRequest;
use serde_json::{Map, Value, json};

use super::{CompletionError, CompletionRequest, Completions};
use crate::model::ResolvedModel;
use crate::prompting::{ParameterSource, apply_parameters, fill_variables, prepend_system_prompt};

impl Completions {
    /// Builds what the provider gets, in stages: parameters, then system prompts. Memories, web search, files, tools and
    /// filters are further stages and belong here.
    pub(super) async fn build_payload(
        &self,
        caller: &Caller,
        request: &CompletionRequest,
        model: &ResolvedModel,
    ) -> Result<ProviderRequest, CompletionError> {
        let mut payload = request.payload.clone();
        apply_parameters(&mut payload, &request.params, ParameterSource::Request);
        if let Some(params) = model.params() {
            apply_parameters(&mut payload, params, ParameterSource::Model);
            if let Some(Value::Bool(stream)) = params.get("stream_response") {
                payload.insert("stream".to_owned(), json!(stream));
            }
        }
        if let Some(prompt) = self.load_folder_prompt(caller, request).await? {
            self.add_system_prompt(&mut payload, &prompt, caller, request);
        }
        if let Some(prompt) = model.params().and_then(|params| params.get("system")?.as_str()) {
            self.add_system_prompt(&mut payload, prompt, caller, request);
        }
        payload.insert("model".to_owned(), json!(model.upstream_id));
        Ok(ProviderRequest {
            body: Value::Object(payload),
            headers: self.models.user_headers(caller, request.chat_id.as_deref()),
        })
    }

    fn add_system_prompt(
        &self,
        payload: &mut Map<String, Value>,
        prompt: &str,
        caller: &Caller,
        request: &CompletionRequest,
    ) {
        let text = fill_variables(prompt, &self.models.variables(&request.variables, caller));
        if let Some(messages) = payload.get_mut("messages").and_then(Value::as_array_mut) {
            prepend_system_prompt(messages, &text);
        }
    }

    /// The system prompt of the chat's folder.
    async fn load_folder_prompt(
        &self,
        caller: &Caller,
        request: &CompletionRequest,
    ) -> Result<Option<String>, CompletionError> {
        let chat = request.chat_id.as_deref().map(ChatId::from);
        let Some(id) = chat.filter(|id| !id.is_local()) else {
            return Ok(None);
        };
        let Some(folder) = self.messages.folder(caller.id(), &id).await? else {
            return Ok(None);
        };
        let folder = self.folders.find(caller.id(), &folder).await?;
        let prompt = folder.and_then(|folder| folder.data?.get("system_prompt")?.as_str().map(str::to_owned));
        Ok(prompt.filter(|prompt| !prompt.is_empty()))
    }
}
