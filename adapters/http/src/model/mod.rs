//! Models and connections to providers over HTTP.

mod api;
mod connections;

pub use api::ModelApi;
pub use connections::OpenAiApi;
