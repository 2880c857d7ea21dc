//! Ways to ask models: the OpenAI protocol, and the built-in model that answers offline.

mod demo;
mod openai;

pub use demo::Demo;
pub use openai::OpenAi;
