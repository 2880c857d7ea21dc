//! The server itself: health, version, the front end's configuration, pages and static files.

mod api;
mod app_config;
mod frontend;
mod pages;

pub use api::SystemApi;
pub use frontend::{Frontend, layer as with_frontend};
