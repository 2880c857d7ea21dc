//! Prompts: texts that people call up by a command.

mod entity;
mod ports;

pub use entity::Prompt;
pub use ports::{PromptPorts, PromptRepository};
