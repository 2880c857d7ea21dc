//! Answers of models: what is asked, how it is relayed, how it is told to pages and stored.
//!
//! `request.rs` reads what a client asks; the stages of `payload.rs` make of it what the provider gets; `direct.rs`
//! relays the answer as it comes; `session.rs` runs it as a task: `relay.rs` reads the stream, `stream.rs` splits the provider's events,
//! `answer.rs` assembles text and reasoning, `teller.rs` tells the pages and stores, `after.rs` does what comes after.

mod after;
mod answer;
mod direct;
mod error;
pub(crate) mod params;
pub(crate) mod payload;
mod relay;
mod request;
mod session;
mod stream;
mod teller;
mod think;
pub(crate) mod variables;

use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::chat::ChatMessages;
use keelson_domain::config::Deployment;
use keelson_domain::folder::FolderRepository;
use keelson_domain::model::ProviderReply;
use keelson_domain::realtime::{EventBus, Presence};
use keelson_domain::shared::Clock;
use keelson_domain::task::TaskId;
use serde_json::{Map, Value};

use crate::Ports;
use crate::generation::Generations;
use crate::model::Models;
use crate::task::Tasks;
use crate::webhook::Notices;

pub use error::CompletionError;
pub use request::{Request, SessionIds};

/// What came of a request.
pub enum Outcome {
    /// The provider's answer, to be relayed.
    Reply(ProviderReply),
    /// A task that tells the pages.
    Task(TaskId),
}

/// The use cases of the room.
pub struct Completions {
    clock: Arc<dyn Clock>,
    messages: Arc<dyn ChatMessages>,
    folders: Arc<dyn FolderRepository>,
    events: Arc<dyn EventBus>,
    presence: Arc<dyn Presence>,
    models: Arc<Models>,
    tasks: Arc<Tasks>,
    generations: Arc<Generations>,
    deployment: Arc<Deployment>,
    notices: Notices,
}

/// The services that completions stand on.
pub struct Foundations {
    /// Who answers.
    pub models: Arc<Models>,
    /// What runs.
    pub tasks: Arc<Tasks>,
    /// Titles, tags, follow-ups.
    pub generations: Arc<Generations>,
    /// What the operator fixed.
    pub deployment: Arc<Deployment>,
    /// Who is told that is away.
    pub notices: Notices,
}

impl Completions {
    /// From the ports it needs and the services below it.
    pub fn new(ports: &Ports, below: Foundations) -> Self {
        Self {
            clock: ports.clock.clone(),
            messages: ports.chat.messages.clone(),
            folders: ports.folder.repository.clone(),
            events: ports.realtime.events.clone(),
            presence: ports.realtime.presence.clone(),
            models: below.models,
            tasks: below.tasks,
            generations: below.generations,
            deployment: below.deployment,
            notices: below.notices,
        }
    }

    /// Completes a chat: with a session as a task, else directly.
    ///
    /// # Errors
    /// See [`CompletionError`]; nothing was stored then.
    pub async fn complete(
        self: &Arc<Self>,
        caller: &Caller,
        body: Map<String, Value>,
    ) -> Result<Outcome, CompletionError> {
        let request = Request::read(body)?;
        match request.session.clone() {
            Some(session) => self.in_session(caller, request, session).await.map(Outcome::Task),
            None => self.directly(caller, request).await.map(Outcome::Reply),
        }
    }
}
