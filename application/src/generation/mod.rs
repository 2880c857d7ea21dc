//! Short texts that models generate in the background: titles, tags, follow-up questions, search queries.
//!
//! `generate.rs` asks the task model, with the admin's prompt or one of `default_prompts.rs`; `template.rs` fills the
//! prompt, `parse.rs` reads the reply.

mod default_prompts;
mod error;
mod generate;
mod parse;
mod template;

use std::sync::Arc;

use crate::config::Settings;
use crate::model::Models;

pub use error::GenerationError;
pub use generate::{GenerationInput, GenerationKind};
pub(crate) use parse::{error_text, parse_list, parse_text, read_text};
pub(crate) use template::message_text;

/// The use cases of the room.
pub struct Generations {
    models: Arc<Models>,
    settings: Arc<Settings>,
}

impl Generations {
    /// From services.
    pub fn new(models: Arc<Models>, settings: Arc<Settings>) -> Self {
        Self { models, settings }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
