//! The way in over HTTP: poem and poem-openapi.
//!
//! One module a room: `api.rs` (operations: extract, convert, one use case, convert), `dto.rs` (what goes over the
//! wire). Shared: [`caller`] (who asks), [`body`] (JSON bodies with FastAPI's validation errors), [`error`] (the one
//! mapping of room errors to statuses), [`router`] (which room answers where), `middleware` (the layers).

pub mod auth;
pub mod body;
pub mod caller;
mod chat;
mod completion;
pub mod config;
pub mod error;
pub mod group;
mod folder;
pub mod json;
mod middleware;
mod model;
pub mod raw;
mod realtime;
pub mod router;
pub mod system;
mod task;
pub mod user;
pub mod workspace;

pub use middleware::{CorsOptions, SecurityHeaders};
pub use router::{HttpOptions, Services, endpoint, openapi_document};
