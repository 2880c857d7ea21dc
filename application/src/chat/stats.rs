use std::collections::{BTreeMap, HashSet};

use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatQuery, ChatSummary};
use serde_json::{Map, Value};

use super::{ChatError, Chats};

/// A chat in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatStats {
    /// The chat.
    pub chat: ChatSummary,
    /// The ids of its tags.
    pub tags: Vec<String>,
    /// Answers by model, on the branch from the root to the message looked at last.
    pub models: BTreeMap<String, u64>,
    /// Messages on that branch.
    pub messages: usize,
    /// Answers by model, on all branches.
    pub all_models: BTreeMap<String, u64>,
    /// Messages on all branches.
    pub all_messages: usize,
    /// Questions among them.
    pub questions: usize,
    /// Answers among them.
    pub answers: usize,
    /// Seconds from question to answer, on average.
    pub seconds_to_answer: f64,
    /// Letters of a question, on average.
    pub question_length: f64,
    /// Letters of an answer, on average.
    pub answer_length: f64,
    /// When the message looked at last was written, epoch seconds.
    pub last_message_at: i64,
}

impl Chats {
    /// Numbers of a page of the caller's chats (from 1), and how many chats there are. Chats without messages
    /// are left out. One chat is read at a time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stats(
        &self,
        caller: &Caller,
        page: i64,
        size: i64,
    ) -> Result<(Vec<ChatStats>, u64), ChatError> {
        let size = size.max(1);
        let query = ChatQuery {
            skip: (page.max(1) - 1).saturating_mul(size),
            limit: Some(size),
            ..ChatQuery::default()
        };
        let total = self.lists.count(caller.id(), &query).await?;
        let mut all = Vec::new();
        for summary in self.lists.list(caller.id(), &query).await? {
            let chat = self.chats.find_of(caller.id(), &summary.id).await?;
            all.extend(chat.and_then(|chat| stats(summary, &chat)));
        }
        Ok((all, total))
    }
}

fn role(message: &Value) -> &str {
    message["role"].as_str().unwrap_or_default()
}

fn length(message: &Value) -> usize {
    message["content"].as_str().map_or(0, |text| text.chars().count())
}

fn seconds(message: &Value) -> f64 {
    message["timestamp"].as_f64().unwrap_or_default()
}

/// The average of what there is; 0 of nothing.
fn average(values: &[f64]) -> f64 {
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX).max(1);
    values.iter().sum::<f64>() / f64::from(count)
}

fn lengths(messages: &[&Value]) -> f64 {
    let lengths = messages
        .iter()
        .map(|message| u32::try_from(length(message)).unwrap_or(u32::MAX));
    average(&lengths.map(f64::from).collect::<Vec<_>>())
}

fn by_model<'m>(answers: impl IntoIterator<Item = &'m Value>) -> BTreeMap<String, u64> {
    let mut models = BTreeMap::new();
    for model in answers.into_iter().filter_map(|answer| answer["model"].as_str()) {
        *models.entry(model.to_owned()).or_insert(0) += 1;
    }
    models
}

/// The messages from the last one up to the root; a cycle, which old data may hold, ends the walk.
fn branch<'m>(messages: &'m Map<String, Value>, last: &str) -> Vec<&'m Value> {
    let mut seen = HashSet::new();
    let mut branch = Vec::new();
    let mut next = messages.get_key_value(last);
    while let Some((id, message)) = next {
        if !seen.insert(id) {
            break;
        }
        branch.push(message);
        next = message["parentId"]
            .as_str()
            .and_then(|id| messages.get_key_value(id));
    }
    branch
}

fn stats(summary: ChatSummary, chat: &Chat) -> Option<ChatStats> {
    let messages = chat.body.get("history")?.get("messages")?.as_object()?;
    let branch = branch(messages, chat.current_message()?);
    let last = branch.first()?;
    let of = |wanted: &str| -> Vec<&Value> {
        messages
            .values()
            .filter(|message| role(message) == wanted)
            .collect()
    };
    let (questions, answers) = (of("user"), of("assistant"));
    let waits: Vec<f64> = answers
        .iter()
        .filter_map(|answer| Some((answer, messages.get(answer["parentId"].as_str()?)?)))
        .map(|(answer, question)| seconds(answer) - seconds(question))
        .collect();
    let told = last["timestamp"].as_i64();
    Some(ChatStats {
        tags: chat.tag_ids(),
        models: by_model(
            branch
                .iter()
                .copied()
                .filter(|message| role(message) == "assistant"),
        ),
        messages: branch.len(),
        all_models: by_model(answers.iter().copied()),
        all_messages: messages.len(),
        seconds_to_answer: average(&waits),
        question_length: lengths(&questions),
        answer_length: lengths(&answers),
        last_message_at: told.unwrap_or_else(|| summary.updated_at.seconds()),
        questions: questions.len(),
        answers: answers.len(),
        chat: summary,
    })
}

#[cfg(test)]
mod tests {
    use keelson_domain::chat::ChatId;
    use keelson_domain::shared::Timestamp;
    use keelson_domain::user::UserId;
    use serde_json::json;

    use super::*;

    fn numbers(history: &Value) -> Option<ChatStats> {
        let at = Timestamp::from_seconds(7);
        let chat = Chat {
            id: ChatId::from("c"),
            owner: UserId::from("u"),
            title: "T".to_owned(),
            share_id: None,
            archived: false,
            pinned: false,
            body: Map::from_iter([("history".to_owned(), history.clone())]),
            meta: Map::new(),
            folder: None,
            created_at: at,
            updated_at: at,
        };
        let summary = ChatSummary {
            id: chat.id.clone(),
            title: chat.title.clone(),
            created_at: at,
            updated_at: at,
        };
        stats(summary, &chat)
    }

    #[test]
    fn the_current_branch_and_all_branches_are_counted() {
        let history = json!({"currentId": "a2", "messages": {
            "q": {"role": "user", "content": "äöü", "timestamp": 10},
            "a1": {"role": "assistant", "content": "x", "model": "m", "parentId": "q", "timestamp": 12},
            "a2": {"role": "assistant", "content": "xyz", "model": "n", "parentId": "q", "timestamp": 16},
        }});
        let found = numbers(&history).expect("there are messages");
        assert_eq!(
            (found.messages, found.all_messages, found.questions, found.answers),
            (2, 3, 1, 2)
        );
        assert_eq!(found.models, BTreeMap::from([("n".to_owned(), 1)]));
        assert_eq!(
            found.all_models,
            BTreeMap::from([("m".to_owned(), 1), ("n".to_owned(), 1)])
        );
        let averages = (
            found.seconds_to_answer,
            found.question_length,
            found.answer_length,
        );
        assert_eq!(averages, (4.0, 3.0, 2.0));
        assert_eq!(found.last_message_at, 16);
    }

    #[test]
    fn chats_without_messages_are_left_out_and_cycles_end() {
        assert_eq!(numbers(&json!({"currentId": "a", "messages": {}})), None);
        let cycle = json!({"currentId": "a", "messages": {"a": {"parentId": "b"}, "b": {"parentId": "a"}}});
        assert_eq!(numbers(&cycle).map(|found| found.messages), Some(2));
    }
}
