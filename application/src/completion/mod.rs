//! Completions of chats: what clients ask, how it is relayed to them, emitted to their connections and stored.
//!
//! `request.rs` parses what a client asks, `payload.rs` builds from it what the provider gets. `direct.rs` relays the
//! provider's bytes; `task.rs` runs the completion as a task: `relay.rs` reads the stream (as `crate::reply` has it),
//! `publisher.rs` emits and persists, and `background.rs` runs title, tag and follow-up generation. `recovery.rs` ends the answers of processes that
//! are gone; `functions.rs` is where filter and action functions come in.

mod background;
mod direct;
mod error;
mod functions;
mod payload;
mod publisher;
mod recovery;
mod relay;
mod request;
mod task;

use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::chat::{AnswerCheckpoints, ChatMessages};
use keelson_domain::config::Deployment;
use keelson_domain::folder::FolderRepository;
use keelson_domain::function::FunctionRepository;
use keelson_domain::model::ProviderReply;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::task::TaskId;
use serde_json::{Map, Value};

use crate::Ports;
use crate::generation::Generations;
use crate::model::Models;
use crate::task::Tasks;
use crate::webhook::WebhookNotifier;

pub use error::CompletionError;
pub use request::{AnswerTarget, CompletionRequest};

/// How a completion is answered.
pub enum Outcome {
    /// The provider's reply, to be relayed.
    Reply(ProviderReply),
    /// A task that writes the answer to its chat and emits it to the owner's connections.
    Task(TaskId),
}

/// The use cases of the room.
pub struct Completions {
    clock: Arc<dyn Clock>,
    messages: Arc<dyn ChatMessages>,
    checkpoints: Arc<dyn AnswerCheckpoints>,
    folders: Arc<dyn FolderRepository>,
    functions: Arc<dyn FunctionRepository>,
    events: Arc<dyn EventBus>,
    presence: Arc<dyn Presence>,
    models: Arc<Models>,
    tasks: Arc<Tasks>,
    generations: Arc<Generations>,
    deployment: Arc<Deployment>,
    notifier: WebhookNotifier,
}

/// The services that completions use.
pub struct Dependencies {
    /// Resolves models.
    pub models: Arc<Models>,
    /// Runs completions as tasks.
    pub tasks: Arc<Tasks>,
    /// Generates titles, tags and follow-ups.
    pub generations: Arc<Generations>,
    /// What the operator fixed.
    pub deployment: Arc<Deployment>,
    /// Notifies users who are not connected.
    pub notifier: WebhookNotifier,
}

impl Completions {
    /// From ports and services.
    pub fn new(ports: &Ports, dependencies: Dependencies) -> Self {
        Self {
            clock: ports.clock.clone(),
            messages: ports.conversations.chat.messages.clone(),
            checkpoints: ports.conversations.chat.answer_checkpoints.clone(),
            folders: ports.conversations.folder.repository.clone(),
            functions: ports.workspace.function.repository.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            models: dependencies.models,
            tasks: dependencies.tasks,
            generations: dependencies.generations,
            deployment: dependencies.deployment,
            notifier: dependencies.notifier,
        }
    }

    /// Completes a chat: as a task when the request names a session, chat and message, else as a direct relay.
    ///
    /// # Errors
    /// See [`CompletionError`]; nothing was stored then.
    pub async fn complete(
        self: &Arc<Self>,
        caller: &Caller,
        body: Map<String, Value>,
    ) -> Result<Outcome, CompletionError> {
        let request = CompletionRequest::parse(body)?;
        match request.target.clone() {
            Some(target) => self.start_task(caller, request, target).await.map(Outcome::Task),
            None => self.relay(caller, request).await.map(Outcome::Reply),
        }
    }
}
