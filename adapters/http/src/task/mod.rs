//! Running tasks and background generations over HTTP.

mod api;
mod config;
mod error;
mod generations;

pub use api::TaskApi;
pub use generations::GenerationApi;
