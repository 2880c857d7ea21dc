use keelson_domain::model::ProviderReply;
use serde_json::{Map, Value, json};

use super::Completions;
use super::session::Work;
use super::teller::Teller;
use crate::generation::{self, Ask, GenerationError, Input};

/// The longest title that is made of a question.
const LONGEST_TITLE: usize = 100;

impl Completions {
    /// What comes after an answer, as far as the client asked for it: follow-ups, title, tags, in this order.
    pub(super) async fn after(&self, teller: &Teller, work: &Work, said: &str) {
        let wanted = &work.request.background_tasks;
        if wanted.is_empty() {
            return;
        }
        let mut messages = work.request.messages().to_vec();
        messages.push(json!({"role": "assistant", "content": said}));
        let input = Input {
            model: work.request.model.clone(),
            chat_id: work.request.chat_id.clone(),
            messages,
            ..Input::default()
        };
        let wants = |name: &str| wanted.get(name) == Some(&Value::Bool(true));
        if wants("follow_up_generation") {
            self.follow_ups(teller, work, &input).await;
        }
        if wanted.contains_key("title_generation") && !teller.ids.chat.is_local() {
            self.title(teller, work, &input, wants("title_generation")).await;
        }
        if wants("tags_generation") && !teller.ids.chat.is_local() {
            self.tags(teller, work, &input).await;
        }
    }

    async fn written(&self, work: &Work, ask: &Ask, input: &Input) -> Option<String> {
        match self.generations.ask(&work.caller, ask, input).await {
            Ok(ProviderReply::Json { body, .. }) => Some(generation::first_text(&body).to_owned()),
            Ok(ProviderReply::Stream { .. }) => None,
            Err(GenerationError::Off(_)) => None,
            Err(error) => {
                tracing::warn!(%error, ?ask, "background work of an answer failed");
                None
            }
        }
    }

    async fn follow_ups(&self, teller: &Teller, work: &Work, input: &Input) {
        let Some(answer) = self.written(work, &Ask::FollowUps, input).await else {
            return;
        };
        let questions = generation::list(&answer, "follow_ups");
        let data = json!({"follow_ups": questions});
        teller.tell("chat:message:follow_ups", data).await;
        let fields = Map::from_iter([("followUps".to_owned(), json!(questions))]);
        teller.keep(fields).await;
    }

    /// A written title, or else the first question, for chats that have just begun.
    async fn title(&self, teller: &Teller, work: &Work, input: &Input, write: bool) {
        let questions = input
            .messages
            .iter()
            .filter(|message| message["role"] == "user")
            .count();
        let title = if write {
            let answer = self.written(work, &Ask::Title, input).await;
            answer.and_then(|answer| generation::text(&answer, "title"))
        } else if questions > 1 {
            return;
        } else {
            None
        };
        let first = input.messages.iter().find(|message| message["role"] == "user");
        let question = first
            .and_then(|message| message["content"].as_str())
            .unwrap_or_default();
        let title = title.unwrap_or_else(|| question.chars().take(LONGEST_TITLE).collect());
        let title = if title.trim().is_empty() {
            keelson_domain::chat::UNTITLED.to_owned()
        } else {
            title
        };
        let now = self.clock.now().seconds();
        let kept = self
            .messages
            .set_title(&teller.owner, &teller.ids.chat, &title, now)
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, "a title could not be stored");
            return;
        }
        teller.tell("chat:title", json!(title)).await;
    }

    async fn tags(&self, teller: &Teller, work: &Work, input: &Input) {
        let Some(answer) = self.written(work, &Ask::Tags, input).await else {
            return;
        };
        let mut tags = generation::list(&answer, "tags");
        tags.retain(|tag| keelson_domain::tag::tag_id(tag) != keelson_domain::tag::RESERVED);
        let kept = self
            .messages
            .set_tags(&teller.owner, &teller.ids.chat, &tags)
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, "tags could not be stored");
            return;
        }
        teller.tell("chat:tags", json!(tags)).await;
    }
}
