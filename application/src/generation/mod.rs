//! Small things that models write in the background: titles, tags, follow-up questions, queries and the like.

mod ask;
mod error;
mod parse;
mod prompts;
mod template;

use std::sync::Arc;

use keelson_domain::shared::Clock;

use crate::Ports;
use crate::config::Settings;
use crate::model::Models;

pub use ask::{Ask, Input};
pub use error::GenerationError;
pub use parse::{first_text, list, text};

/// The use cases of the room.
pub struct Generations {
    clock: Arc<dyn Clock>,
    models: Arc<Models>,
    settings: Arc<Settings>,
}

impl Generations {
    /// From the ports it needs.
    pub fn new(ports: &Ports, models: Arc<Models>, settings: Arc<Settings>) -> Self {
        Self {
            clock: ports.clock.clone(),
            models,
            settings,
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
