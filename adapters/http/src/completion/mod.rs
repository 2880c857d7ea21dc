//! Chat completions over HTTP.

mod api;
pub(crate) mod relay;

pub use api::CompletionApi;
