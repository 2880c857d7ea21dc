//! Model providers: the OpenAI protocol, and the built-in demo model that answers offline.

mod demo;
mod openai;

pub use demo::Demo;
pub use openai::OpenAi;
