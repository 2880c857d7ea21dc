//! The stages that make of a request what the provider gets: parameters, then system prompts. Memories, search, files,
//! tools and filters are stages of their own and come here, each a function of the draft.

use keelson_domain::auth::Caller;
use keelson_domain::chat::ChatId;
use keelson_domain::model::ProviderRequest;
use serde_json::{Map, Value, json};

use super::{CompletionError, Completions, Request, params, variables};
use crate::model::Resolved;

impl Completions {
    /// What the provider gets.
    pub(super) async fn payload(
        &self,
        caller: &Caller,
        request: &Request,
        model: &Resolved,
    ) -> Result<ProviderRequest, CompletionError> {
        let mut draft = request.payload.clone();
        params::apply(&mut draft, &request.params);
        if let Some(params) = model.params() {
            params::apply(&mut draft, params);
        }
        if let Some(prompt) = self.folder_prompt(caller, request).await? {
            self.instruct(&mut draft, &prompt, caller, request);
        }
        if let Some(prompt) = model.params().and_then(|params| params.get("system")?.as_str()) {
            self.instruct(&mut draft, prompt, caller, request);
        }
        draft.insert("model".to_owned(), json!(model.upstream_id));
        Ok(ProviderRequest {
            body: Value::Object(draft),
            headers: self.models.user_headers(caller, request.chat_id.as_deref()),
        })
    }

    /// Puts instructions in front of the conversation.
    fn instruct(&self, draft: &mut Map<String, Value>, prompt: &str, caller: &Caller, request: &Request) {
        let text = variables::filled(prompt, &request.variables, &caller.user, self.clock.now());
        if let Some(messages) = draft.get_mut("messages").and_then(Value::as_array_mut) {
            put_in_front(messages, &text);
        }
    }

    /// The system prompt of the folder that the chat lies in.
    async fn folder_prompt(
        &self,
        caller: &Caller,
        request: &Request,
    ) -> Result<Option<String>, CompletionError> {
        let Some(id) = request
            .chat_id
            .as_deref()
            .map(ChatId::from)
            .filter(|id| !id.is_local())
        else {
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

/// Adds instructions to the system message, or makes one.
pub(crate) fn put_in_front(messages: &mut Vec<Value>, text: &str) {
    let first = messages.first_mut().filter(|message| message["role"] == "system");
    match first.and_then(|message| message.get_mut("content")) {
        Some(Value::String(content)) => *content = format!("{text}\n{content}"),
        Some(Value::Array(parts)) => parts.insert(0, json!({"type": "text", "text": text})),
        _ => messages.insert(0, json!({"role": "system", "content": text})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_stand_before_those_of_the_user() {
        let mut messages = vec![json!({"role": "user", "content": "q"})];
        put_in_front(&mut messages, "a");
        put_in_front(&mut messages, "b");
        assert_eq!(
            messages,
            [
                json!({"role": "system", "content": "b\na"}),
                json!({"role": "user", "content": "q"})
            ]
        );
    }
}
