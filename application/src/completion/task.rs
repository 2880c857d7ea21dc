use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::model::{ProviderError, ProviderReply, ProviderRequest};
use keelson_domain::task::TaskId;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::publisher::AnswerPublisher;
use super::relay::{StreamEnd, StreamRelay};
use super::{AnswerTarget, CompletionError, CompletionRequest, Completions};
use crate::model::ResolvedModel;
use crate::reply::{ReasoningTags, ReplyLimits, ReplyReader, shown_error};

/// Everything that the task of one answer needs.
pub(super) struct AnswerTask {
    pub(super) caller: Caller,
    pub(super) request: CompletionRequest,
    pub(super) model: ResolvedModel,
    pub(super) payload: ProviderRequest,
}

impl AnswerTask {
    /// A parameter of the model, else of the chat.
    fn parameter(&self, name: &str) -> Option<&Value> {
        let of_model = self.model.params().and_then(|params| params.get(name));
        of_model
            .filter(|value| !value.is_null())
            .or_else(|| self.request.params.get(name))
    }

    fn relay<'p>(&self, publisher: &'p mut AnswerPublisher, limits: ReplyLimits) -> StreamRelay<'p> {
        let tags = ReasoningTags::from_parameter(self.parameter("reasoning_tags"));
        let delta_chunk_size = self
            .parameter("stream_delta_chunk_size")
            .and_then(Value::as_u64)
            .unwrap_or(1);
        StreamRelay::new(publisher, ReplyReader::new(tags), delta_chunk_size, limits)
    }
}

impl Completions {
    /// How much of a reply is kept.
    pub(super) fn reply_limits(&self) -> ReplyLimits {
        (&self.deployment.completion).into()
    }

    /// Starts the answer as a task, which does not depend on the connection that asked.
    pub(super) async fn start_task(
        self: &Arc<Self>,
        caller: &Caller,
        request: CompletionRequest,
        target: AnswerTarget,
    ) -> Result<TaskId, CompletionError> {
        let model = self.models.resolve(caller, &request.model).await?;
        self.check_chat(caller, &target).await?;
        let payload = self.build_payload(caller, &request, &model).await?;
        let mut fields = Map::from_iter([
            ("id".to_owned(), json!(target.message)),
            ("role".to_owned(), json!("assistant")),
            ("model".to_owned(), json!(request.model)),
        ]);
        if let Some(parent) = &target.parent {
            fields.insert("parentId".to_owned(), json!(parent));
        }
        if let Some(selected) = &model.selected {
            fields.insert("selectedModelId".to_owned(), json!(selected));
        }
        let publisher = self.publisher(caller, target.clone(), fields).await?;
        publisher.save_checkpoint(Map::new()).await;
        let task = AnswerTask {
            caller: caller.clone(),
            request,
            model,
            payload,
        };
        let (completions, item) = (self.clone(), target.chat.to_string());
        let started = self.tasks.start(caller.id(), &item, |stop| async move {
            completions.run_task(task, publisher, stop).await;
        });
        Ok(started.await?)
    }

    async fn check_chat(&self, caller: &Caller, target: &AnswerTarget) -> Result<(), CompletionError> {
        if target.chat.is_local() || self.messages.title(caller.id(), &target.chat).await?.is_some() {
            return Ok(());
        }
        Err(CompletionError::NoChat)
    }

    async fn publisher(
        &self,
        caller: &Caller,
        target: AnswerTarget,
        base: Map<String, Value>,
    ) -> Result<AnswerPublisher, CompletionError> {
        let connections = self.presence.sockets_of(caller.id()).await?;
        Ok(AnswerPublisher {
            events: self.events.clone(),
            messages: self.messages.clone(),
            checkpoints: self.checkpoints.clone(),
            presence: self.presence.clone(),
            clock: self.clock.clone(),
            owner: caller.id().clone(),
            target,
            base,
            connections: connections.into_iter().collect(),
            resends_left: 0,
        })
    }

    async fn run_task(&self, task: AnswerTask, mut publisher: AnswerPublisher, stop: CancellationToken) {
        if let Some(selected) = &task.model.selected {
            let data = json!({"selected_model_id": selected});
            publisher.emit("chat:completion", data).await;
        }
        let call = task
            .model
            .provider
            .chat(&task.model.connection, task.payload.clone());
        let reply = tokio::select! {
            biased;
            () = stop.cancelled() => {
                publisher.persist(Map::new()).await;
                publisher.emit("chat:tasks:cancel", Value::Null).await;
                return;
            }
            reply = call => reply,
        };
        match reply {
            Ok(ProviderReply::Stream { body, .. }) => {
                let mut relay = task.relay(&mut publisher, self.reply_limits());
                let end = relay.run(body, &stop).await;
                self.finish(relay, end, &task).await;
            }
            Ok(ProviderReply::Json { body, .. }) => self.publish_document(body, publisher, &task).await,
            Err(error) => publish_error(&publisher, error_content(&error), Map::new()).await,
        }
    }

    /// Publishes an answer that the provider sent as one document.
    async fn publish_document(&self, body: Value, mut publisher: AnswerPublisher, task: &AnswerTask) {
        let mut relay = task.relay(&mut publisher, self.reply_limits());
        let end = relay.handle_document(body).await;
        self.finish(relay, end, task).await;
    }

    /// Persists and emits the end of an answer; then runs the background tasks of a completed one.
    async fn finish(&self, mut relay: StreamRelay<'_>, end: StreamEnd, task: &AnswerTask) {
        relay.emit_usage().await;
        let reader = &mut relay.reader;
        reader.answer.finish(self.clock.now());
        let content = reader.answer.render();
        let mut fields = Map::new();
        if !reader.answer.is_empty() {
            fields.insert("content".to_owned(), json!(content));
        }
        if let Some(usage) = reader.usage.to_document() {
            fields.insert("usage".to_owned(), usage);
        }
        let publisher = &*relay.publisher;
        match end {
            StreamEnd::Completed => {
                fields.insert("content".to_owned(), json!(content));
                let chat_exists = publisher.persist(fields).await;
                let title = publisher.load_title().await;
                let data = json!({"done": true, "content": content, "title": title});
                publisher.emit("chat:completion", data).await;
                if !chat_exists {
                    return;
                }
                self.notifier
                    .notify_answer(&publisher.owner, &publisher.target.chat, title, content);
                self.run_background_tasks(publisher, task, &relay.reader.answer.text())
                    .await;
            }
            StreamEnd::Cancelled => {
                publisher.persist(fields).await;
                publisher.emit("chat:tasks:cancel", Value::Null).await;
            }
            StreamEnd::Reported(error) => publish_error(publisher, error, fields).await,
            StreamEnd::Interrupted(error) => {
                publish_error(publisher, error_content(&error), fields).await;
                publisher.emit("chat:tasks:cancel", Value::Null).await;
            }
        }
    }
}

/// Persists and emits an error of the answer, with the fields that were assembled before it.
async fn publish_error(publisher: &AnswerPublisher, content: Value, mut fields: Map<String, Value>) {
    let error = json!({"content": content});
    fields.insert("error".to_owned(), error.clone());
    publisher.persist(fields).await;
    publisher
        .emit("chat:message:error", json!({"error": error}))
        .await;
}

/// What the user sees of a provider's error: what the provider says, else our text.
fn error_content(error: &ProviderError) -> Value {
    let said = match error {
        ProviderError::Refused { body, .. } => shown_error(body),
        _ => None,
    };
    said.unwrap_or_else(|| json!(error.to_string()))
}
