//! Chat completions over HTTP.

mod api;
mod error;
pub(crate) mod relay;

pub use api::CompletionApi;
