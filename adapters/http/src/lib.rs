//! The way in over HTTP: poem and poem-openapi.
//!
//! One module a room: `mod.rs` (`api(&Services)`, its operations), `api.rs` (extract, convert, one use case, convert),
//! `dto.rs` (what goes over the wire), `error.rs` (its errors' statuses). [`router`] lists the rooms.
//!
//! Shared: [`caller`] (who asks), [`body`] (JSON bodies with FastAPI's validation errors), [`param`], [`json`] and
//! [`raw`] (types of parameters, fields and answers), [`error`] (how errors are answered), [`tag`] (groups of operations),
//! `provider` (replies of providers), `openai_error` (errors for clients of the OpenAI protocol), `untrusted` (answers whose content is not ours), `openapi` (what holds for every operation, and the document), `middleware` (the
//! layers).

mod access;
pub mod auth;
pub mod body;
pub mod caller;
pub mod channel;
pub mod chat;
pub mod completion;
pub mod config;
pub mod error;
pub mod evaluation;
pub mod file;
pub mod folder;
pub mod function;
pub mod group;
pub mod image;
pub mod json;
pub mod knowledge;
pub mod memory;
mod middleware;
pub mod model;
pub mod note;
mod openai_error;
mod openapi;
pub mod param;
mod picture;
pub mod prompt;
mod provider;
pub mod raw;
pub mod realtime;
pub mod retrieval;
pub mod router;
pub mod server;
pub mod services;
pub mod session;
mod settings_form;
mod shape;
pub mod system;
pub mod tag;
pub mod task;
pub mod tool;
mod untrusted;
pub mod user;

pub use middleware::{BodyLimits, CorsOptions, SecurityHeaders, with_sessions};
pub use router::{HttpOptions, endpoint, openapi_document};
pub use services::Services;
