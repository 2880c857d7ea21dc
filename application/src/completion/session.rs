use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::model::{ProviderError, ProviderReply, ProviderRequest};
use keelson_domain::task::TaskId;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::relay::{Ended, Relay};
use super::teller::Teller;
use super::{CompletionError, Completions, Request, SessionIds};
use crate::model::Resolved;

/// Everything that one answer needs.
pub(super) struct Work {
    pub(super) caller: Caller,
    pub(super) request: Request,
    pub(super) model: Resolved,
    pub(super) payload: ProviderRequest,
}

impl Completions {
    /// Starts the answer as a task. It does not depend on the page that asked.
    pub(super) async fn in_session(
        self: &Arc<Self>,
        caller: &Caller,
        request: Request,
        session: SessionIds,
    ) -> Result<TaskId, CompletionError> {
        let model = self.models.resolve(caller, &request.model).await?;
        self.check_chat(caller, &session).await?;
        let payload = self.payload(caller, &request, &model).await?;
        let teller = self.teller(caller, session.clone()).await?;
        let mut fields = Map::from_iter([
            ("id".to_owned(), json!(session.message)),
            ("role".to_owned(), json!("assistant")),
            ("model".to_owned(), json!(request.model)),
        ]);
        if let Some(parent) = &session.parent {
            fields.insert("parentId".to_owned(), json!(parent));
        }
        if let Some(selected) = &model.selected {
            fields.insert("selectedModelId".to_owned(), json!(selected));
        }
        teller.keep(fields).await;
        let work = Work {
            caller: caller.clone(),
            request,
            model,
            payload,
        };
        let (completions, item) = (self.clone(), session.chat.to_string());
        let task = self.tasks.start(caller.id(), &item, |stop| async move {
            completions.run(work, teller, stop).await;
        });
        Ok(task.await?)
    }

    async fn check_chat(&self, caller: &Caller, session: &SessionIds) -> Result<(), CompletionError> {
        if session.chat.is_local() || self.messages.title(caller.id(), &session.chat).await?.is_some() {
            return Ok(());
        }
        Err(CompletionError::NoChat)
    }

    async fn teller(&self, caller: &Caller, ids: SessionIds) -> Result<Teller, CompletionError> {
        let pages = self.presence.sockets_of(caller.id()).await?;
        Ok(Teller {
            events: self.events.clone(),
            messages: self.messages.clone(),
            presence: self.presence.clone(),
            clock: self.clock.clone(),
            owner: caller.id().clone(),
            ids,
            pages: pages.into_iter().collect(),
            repeats: 0,
        })
    }

    async fn run(&self, work: Work, mut teller: Teller, stop: CancellationToken) {
        if let Some(selected) = &work.model.selected {
            let data = json!({"selected_model_id": selected});
            teller.tell("chat:completion", data).await;
        }
        let asked = work
            .model
            .provider
            .chat(&work.model.connection, work.payload.clone());
        let reply = tokio::select! {
            biased;
            () = stop.cancelled() => {
                teller.tell("chat:tasks:cancel", Value::Null).await;
                return;
            }
            reply = asked => reply,
        };
        match reply {
            Ok(ProviderReply::Stream { body, .. }) => {
                let mut relay = Relay::new(&mut teller);
                let ended = relay.run(body, self.deployment.completion.max_line, &stop).await;
                self.ended(relay, ended, &work).await;
            }
            Ok(ProviderReply::Json { body, .. }) => self.whole(body, teller, &work).await,
            Err(error) => fail(&teller, document(&error), Map::new()).await,
        }
    }

    /// An answer that came in one piece.
    async fn whole(&self, body: Value, mut teller: Teller, work: &Work) {
        if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
            return fail(&teller, error.clone(), Map::new()).await;
        }
        let mut relay = Relay::new(&mut teller);
        let now = self.clock.now();
        relay.answer.take(&body["choices"][0]["message"], now);
        relay.usage = body.get("usage").filter(|usage| usage.is_object()).cloned();
        relay.teller.tell("chat:completion", body).await;
        self.ended(relay, Ended::Done, work).await;
    }

    /// Stores and tells how it ended; then does what comes after.
    async fn ended(&self, mut relay: Relay<'_>, ended: Ended, work: &Work) {
        relay.answer.finish(self.clock.now());
        let content = relay.answer.render();
        let mut fields = Map::new();
        if !relay.answer.is_empty() {
            fields.insert("content".to_owned(), json!(content));
        }
        if let Some(usage) = relay.usage.take() {
            fields.insert("usage".to_owned(), usage);
        }
        let teller = &*relay.teller;
        match ended {
            Ended::Done => {
                fields.insert("content".to_owned(), json!(content));
                let there = teller.keep(fields).await;
                let title = teller.title().await;
                let data = json!({"done": true, "content": content, "title": title});
                teller.tell("chat:completion", data).await;
                if !there {
                    return;
                }
                self.notifier
                    .notify_answer(&teller.owner, &teller.ids.chat, title, content);
                self.after(teller, work, relay.answer.said()).await;
            }
            Ended::Stopped => {
                teller.keep(fields).await;
                teller.tell("chat:tasks:cancel", Value::Null).await;
            }
            Ended::Reported(error) => fail(teller, error, fields).await,
            Ended::Broken(error) => {
                fail(teller, document(&error), fields).await;
                teller.tell("chat:tasks:cancel", Value::Null).await;
            }
        }
    }
}

/// Stores and tells an error of the answer, with what was said before.
async fn fail(teller: &Teller, content: Value, mut fields: Map<String, Value>) {
    let error = json!({"content": content});
    fields.insert("error".to_owned(), error.clone());
    teller.keep(fields).await;
    teller.tell("chat:message:error", json!({"error": error})).await;
}

/// What the user sees of a provider's error: its own error object where it sent one, else our words.
fn document(error: &ProviderError) -> Value {
    if let ProviderError::Refused { body, .. } = error {
        match body {
            Value::Object(fields) => return fields.get("error").unwrap_or(body).clone(),
            Value::String(text) if !text.is_empty() => return body.clone(),
            _ => {}
        }
    }
    json!(error.to_string())
}
