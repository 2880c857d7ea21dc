use keelson_domain::chat::{ChatId, MessageId};
use serde_json::{Map, Value};

use super::CompletionError;

/// The fields of a body that this server reads itself and never sends to a provider (the contract's list).
const SERVER_FIELDS: &[&str] = &[
    "chat_id",
    "id",
    "parent_id",
    "parent_message",
    "session_id",
    "filter_ids",
    "tool_ids",
    "tool_servers",
    "files",
    "features",
    "variables",
    "model_item",
    "background_tasks",
    "params",
    "metadata",
];

/// The chat message that an answer is written to, while it is emitted to its owner's connections.
#[derive(Debug, Clone)]
pub struct AnswerTarget {
    /// The chat.
    pub chat: ChatId,
    /// The message that is the answer.
    pub message: MessageId,
    /// The socket connection that asked (`session_id`).
    pub session: String,
    /// The message that is answered.
    pub parent: Option<MessageId>,
}

/// A parsed request for a completion.
#[derive(Debug, Clone)]
pub struct CompletionRequest {
    /// The model that the client chose.
    pub model: String,
    /// The body without the fields that only this server reads: it goes to the provider.
    pub payload: Map<String, Value>,
    /// Where the answer is written to; none when it is relayed directly.
    pub target: Option<AnswerTarget>,
    /// The chat that it belongs to, for the headers that tell providers about it.
    pub chat_id: Option<String>,
    /// Parameters that the user set for the chat.
    pub params: Map<String, Value>,
    /// Values of the variables `{{NAME}}` in prompts.
    pub variables: Map<String, Value>,
    /// Which tasks follow the answer: `title_generation`, `tags_generation`, `follow_up_generation`.
    pub background_tasks: Map<String, Value>,
}

impl CompletionRequest {
    /// Separates the fields for the provider from those for this server.
    ///
    /// # Errors
    /// [`CompletionError::NoModel`], [`CompletionError::NoMessages`], [`CompletionError::InvalidField`].
    pub fn parse(mut body: Map<String, Value>) -> Result<Self, CompletionError> {
        let mut server_fields: Map<String, Value> = SERVER_FIELDS
            .iter()
            .filter_map(|name| body.shift_remove_entry(*name))
            .collect();
        let model = match body.get("model") {
            Some(Value::String(model)) if !model.is_empty() => model.clone(),
            None | Some(Value::Null | Value::String(_)) => return Err(CompletionError::NoModel),
            Some(_) => return Err(invalid_field("model", "text")),
        };
        match body.get("messages") {
            Some(Value::Array(messages)) if messages.iter().all(Value::is_object) => {}
            None | Some(Value::Null) => return Err(CompletionError::NoMessages),
            Some(_) => return Err(invalid_field("messages", "a list of objects")),
        }
        let mut object = |name: &'static str| match server_fields.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(fields)) => Ok(fields),
            Some(_) => Err(invalid_field(name, "an object")),
        };
        let (params, variables) = (object("params")?, object("variables")?);
        let background_tasks = object("background_tasks")?;
        let text = |name: &str| {
            let text = server_fields.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let target = match (text("session_id"), text("chat_id"), text("id")) {
            (Some(session), Some(chat), Some(message)) => Some(AnswerTarget {
                chat: ChatId::new(chat),
                message: MessageId::new(message),
                session,
                parent: text("parent_id").map(MessageId::new),
            }),
            _ => None,
        };
        Ok(Self {
            model,
            chat_id: text("chat_id"),
            payload: body,
            target,
            params,
            variables,
            background_tasks,
        })
    }

    /// Whether the client asked for a stream.
    pub fn is_streaming(&self) -> bool {
        self.payload.get("stream") == Some(&Value::Bool(true))
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> &[Value] {
        self.payload
            .get("messages")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}

fn invalid_field(field: &'static str, allowed: &'static str) -> CompletionError {
    CompletionError::InvalidField { field, allowed }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: Value) -> Result<CompletionRequest, CompletionError> {
        CompletionRequest::parse(body.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn server_fields_are_not_sent_to_the_provider() {
        let mut body = json!({"model": "m", "messages": [], "temperature": 1});
        for name in SERVER_FIELDS {
            if !["params", "variables", "background_tasks"].contains(name) {
                body[*name] = json!("x");
            }
        }
        let request = parse(body).expect("a valid body");
        let names: Vec<_> = request.payload.keys().map(String::as_str).collect();
        assert_eq!(names, ["model", "messages", "temperature"]);
        assert_eq!(request.target.expect("a target").chat.as_str(), "x");
    }

    #[test]
    fn errors_name_the_missing_or_invalid_field() {
        assert!(matches!(
            parse(json!({"messages": []})),
            Err(CompletionError::NoModel)
        ));
        assert!(matches!(
            parse(json!({"model": "m"})),
            Err(CompletionError::NoMessages)
        ));
        assert!(parse(json!({"model": "m", "messages": [1]})).is_err());
        assert!(parse(json!({"model": "m", "messages": [], "params": 1})).is_err());
    }
}
