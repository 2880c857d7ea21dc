use keelson_domain::chat::UNTITLED;
use keelson_domain::tag;
use serde_json::{Map, Value, json};

use super::Completions;
use super::publisher::AnswerPublisher;
use super::task::AnswerTask;
use crate::generation::{self, GenerationError, GenerationInput, GenerationKind};

/// The longest title that is made of the first question, in characters.
const TITLE_CHARS: usize = 100;

impl Completions {
    /// Runs the background tasks that the client asked for, in this order: follow-ups, title, tags.
    pub(super) async fn run_background_tasks(
        &self,
        publisher: &AnswerPublisher,
        task: &AnswerTask,
        answer: &str,
    ) {
        let wanted = &task.request.background_tasks;
        if wanted.is_empty() {
            return;
        }
        let mut messages = task.request.messages().to_vec();
        messages.push(json!({"role": "assistant", "content": answer}));
        let input = GenerationInput {
            model: task.request.model.clone(),
            chat_id: task.request.chat_id.clone(),
            messages,
            ..GenerationInput::default()
        };
        let is_wanted = |name: &str| wanted.get(name) == Some(&Value::Bool(true));
        if is_wanted("follow_up_generation") {
            self.generate_follow_ups(publisher, task, &input).await;
        }
        if wanted.contains_key("title_generation") && !publisher.target.chat.is_local() {
            let with_model = is_wanted("title_generation");
            self.set_title(publisher, task, &input, with_model).await;
        }
        if is_wanted("tags_generation") && !publisher.target.chat.is_local() {
            self.generate_tags(publisher, task, &input).await;
        }
    }

    async fn generate(
        &self,
        task: &AnswerTask,
        kind: GenerationKind,
        input: &GenerationInput,
    ) -> Option<String> {
        let reply = match self.generations.generate(&task.caller, kind, input).await {
            Ok(reply) => reply,
            Err(GenerationError::Disabled(_)) => return None,
            Err(error) => {
                let said = match &error {
                    GenerationError::Provider(error) => generation::error_text(error),
                    _ => None,
                };
                tracing::warn!(%error, said, ?kind, "background generation failed");
                return None;
            }
        };
        let text = generation::read_text(reply, self.reply_limits(), self.clock.now()).await;
        text.inspect_err(|error| tracing::warn!(error, ?kind, "background generation failed"))
            .ok()
    }

    async fn generate_follow_ups(
        &self,
        publisher: &AnswerPublisher,
        task: &AnswerTask,
        input: &GenerationInput,
    ) {
        let Some(text) = self.generate(task, GenerationKind::FollowUps, input).await else {
            return;
        };
        let Some(questions) = check_parsed(
            GenerationKind::FollowUps,
            generation::parse_list(&text, "follow_ups"),
        ) else {
            return;
        };
        let data = json!({"follow_ups": questions});
        publisher.emit("chat:message:follow_ups", data).await;
        let fields = Map::from_iter([("followUps".to_owned(), json!(questions))]);
        publisher.persist(fields).await;
    }

    /// Titles the chat: with a model's title; where the model gives none, with the first question, but only a chat that has
    /// no title yet. Without a model with the first question, after the first answer.
    async fn set_title(
        &self,
        publisher: &AnswerPublisher,
        task: &AnswerTask,
        input: &GenerationInput,
        with_model: bool,
    ) {
        let mut questions = input.messages.iter().filter(|message| message["role"] == "user");
        let first = questions.next();
        let title = if with_model {
            let text = self.generate(task, GenerationKind::Title, input).await;
            let title = text
                .and_then(|text| check_parsed(GenerationKind::Title, generation::parse_text(&text, "title")));
            if title.is_none() && !self.is_untitled(publisher).await {
                return;
            }
            title
        } else if questions.next().is_some() {
            return;
        } else {
            None
        };
        let title = title.unwrap_or_else(|| {
            let question = first.map(generation::message_text).unwrap_or_default();
            question.chars().take(TITLE_CHARS).collect()
        });
        let title = if title.trim().is_empty() {
            UNTITLED.to_owned()
        } else {
            title
        };
        let now = self.clock.now().seconds();
        let stored = self
            .messages
            .set_title(&publisher.owner, &publisher.target.chat, &title, now)
            .await;
        if let Err(error) = stored {
            tracing::warn!(%error, "a generated title was not stored");
            return;
        }
        publisher.emit("chat:title", json!(title)).await;
    }

    async fn is_untitled(&self, publisher: &AnswerPublisher) -> bool {
        let title = publisher.load_title().await;
        title.is_some_and(|title| title.trim().is_empty() || title == UNTITLED)
    }

    async fn generate_tags(&self, publisher: &AnswerPublisher, task: &AnswerTask, input: &GenerationInput) {
        let Some(text) = self.generate(task, GenerationKind::Tags, input).await else {
            return;
        };
        let Some(mut tags) = check_parsed(GenerationKind::Tags, generation::parse_list(&text, "tags")) else {
            return;
        };
        tags.retain(|name| tag::tag_id(name) != tag::RESERVED);
        let stored = self
            .messages
            .set_tags(&publisher.owner, &publisher.target.chat, &tags)
            .await;
        if let Err(error) = stored {
            tracing::warn!(%error, "generated tags were not stored");
            return;
        }
        publisher.emit("chat:tags", json!(tags)).await;
    }
}

/// Logs a reply that could not be read: what it was to replace stays then.
fn check_parsed<T>(kind: GenerationKind, parsed: Option<T>) -> Option<T> {
    if parsed.is_none() {
        tracing::warn!(
            ?kind,
            "a background generation cannot be read: it is no JSON object as the prompt asks for"
        );
    }
    parsed
}
