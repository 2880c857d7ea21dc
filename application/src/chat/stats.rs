use std::collections::BTreeMap;

use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatSet};
use serde_json::Value;

use super::{ChatError, Chats};

/// What happened in a chat, in numbers.
#[derive(Debug, Clone)]
pub struct ChatStats {
    /// The chat.
    pub chat: Chat,
    /// Questions by the model that they were put to.
    pub models: BTreeMap<String, u64>,
    /// Messages from the root to the one looked at last.
    pub messages: u64,
    /// Questions among them.
    pub questions: u64,
    /// Answers among them.
    pub answers: u64,
}

impl Chats {
    /// Numbers of a page of the caller's chats (from 1), and how many chats there are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stats(
        &self,
        caller: &Caller,
        page: i64,
        size: i64,
    ) -> Result<(Vec<ChatStats>, usize), ChatError> {
        let all = self.chats.load(&ChatSet::Of(caller.id().clone())).await?;
        let total = all.len();
        let size = usize::try_from(size.max(1)).unwrap_or(usize::MAX);
        let skip = usize::try_from(page.max(1) - 1).unwrap_or(0).saturating_mul(size);
        Ok((all.into_iter().skip(skip).take(size).map(stats).collect(), total))
    }
}

fn stats(chat: Chat) -> ChatStats {
    let mut models = BTreeMap::new();
    let (mut questions, mut answers, mut messages) = (0, 0, 0);
    let stored = chat
        .body
        .get("history")
        .and_then(|history| history.get("messages")?.as_object());
    for message in stored.into_iter().flat_map(|stored| stored.values()) {
        messages += 1;
        match message["role"].as_str() {
            Some("user") => {
                questions += 1;
                for model in message["models"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                {
                    *models.entry(model.to_owned()).or_insert(0) += 1;
                }
            }
            Some("assistant") => answers += 1,
            _ => {}
        }
    }
    ChatStats {
        chat,
        models,
        messages,
        questions,
        answers,
    }
}
