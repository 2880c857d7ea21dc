use keelson_domain::chat::{ChatId, MessageId};
use serde_json::{Map, Value};

use super::CompletionError;

/// The fields of a body that are this server's and never go to a provider (the contract's list).
const OWN: &[&str] = &[
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

/// Where an answer goes that pages are told of.
#[derive(Debug, Clone)]
pub struct SessionIds {
    /// The chat.
    pub chat: ChatId,
    /// The message that is the answer.
    pub message: MessageId,
    /// The page that asked.
    pub page: String,
    /// The message that is answered.
    pub parent: Option<MessageId>,
}

/// What a client asks.
#[derive(Debug, Clone)]
pub struct Request {
    /// The model that the client chose.
    pub model: String,
    /// What goes to the provider: the body without this server's own fields.
    pub payload: Map<String, Value>,
    /// Where the answer goes; none when it is relayed directly.
    pub session: Option<SessionIds>,
    /// The chat that it belongs to, for providers that are told.
    pub chat_id: Option<String>,
    /// Parameters that the user set for the chat.
    pub params: Map<String, Value>,
    /// Texts that stand in for `{{NAME}}` in prompts.
    pub variables: Map<String, Value>,
    /// What is to be done after the answer: `title_generation`, `tags_generation`, `follow_up_generation`.
    pub background_tasks: Map<String, Value>,
}

impl Request {
    /// Sorts a body.
    ///
    /// # Errors
    /// [`CompletionError::NoModel`], [`CompletionError::NoMessages`], [`CompletionError::BadField`].
    pub fn read(mut body: Map<String, Value>) -> Result<Self, CompletionError> {
        let mut own: Map<String, Value> = OWN
            .iter()
            .filter_map(|name| body.shift_remove_entry(*name))
            .collect();
        let model = match body.get("model") {
            Some(Value::String(model)) if !model.is_empty() => model.clone(),
            None | Some(Value::Null | Value::String(_)) => return Err(CompletionError::NoModel),
            Some(_) => return Err(bad("model", "text")),
        };
        match body.get("messages") {
            Some(Value::Array(messages)) if messages.iter().all(Value::is_object) => {}
            None | Some(Value::Null) => return Err(CompletionError::NoMessages),
            Some(_) => return Err(bad("messages", "a list of objects")),
        }
        let mut object = |name: &'static str| match own.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(fields)) => Ok(fields),
            Some(_) => Err(bad(name, "an object")),
        };
        let (params, variables) = (object("params")?, object("variables")?);
        let background_tasks = object("background_tasks")?;
        let text = |name: &str| {
            let text = own.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let session = match (text("session_id"), text("chat_id"), text("id")) {
            (Some(page), Some(chat), Some(message)) => Some(SessionIds {
                chat: ChatId::new(chat),
                message: MessageId::new(message),
                page,
                parent: text("parent_id").map(MessageId::new),
            }),
            _ => None,
        };
        Ok(Self {
            model,
            chat_id: text("chat_id"),
            payload: body,
            session,
            params,
            variables,
            background_tasks,
        })
    }

    /// Whether the client wants the answer as it grows.
    pub fn streams(&self) -> bool {
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

fn bad(field: &'static str, allowed: &'static str) -> CompletionError {
    CompletionError::BadField { field, allowed }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Request, CompletionError> {
        Request::read(body.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn own_fields_never_go_out() {
        let mut body = json!({"model": "m", "messages": [], "temperature": 1});
        for name in OWN {
            if !["params", "variables", "background_tasks"].contains(name) {
                body[*name] = json!("x");
            }
        }
        let request = read(body).expect("fits");
        let names: Vec<_> = request.payload.keys().map(String::as_str).collect();
        assert_eq!(names, ["model", "messages", "temperature"]);
        assert_eq!(request.session.expect("a session").chat.as_str(), "x");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(matches!(
            read(json!({"messages": []})),
            Err(CompletionError::NoModel)
        ));
        assert!(matches!(
            read(json!({"model": "m"})),
            Err(CompletionError::NoMessages)
        ));
        assert!(read(json!({"model": "m", "messages": [1]})).is_err());
        assert!(read(json!({"model": "m", "messages": [], "params": 1})).is_err());
    }
}
