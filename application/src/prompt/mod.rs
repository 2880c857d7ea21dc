//! Prompts.

mod ports;

pub use ports::PromptPorts;
