//! The way in over HTTP: poem and poem-openapi.
//!
//! One module a room: `mod.rs` (`api(&Services)`, its operations), `api.rs` (extract, convert, one use case, convert),
//! `dto.rs` (what goes over the wire), `error.rs` (its errors' statuses). [`rooms`] lists their operations.
//!
//! Shared: [`caller`] (who asks), [`body`] (JSON bodies with FastAPI's validation errors), [`param`], [`json`] and
//! [`raw`] (types of parameters, fields and answers), [`error`] (how errors are answered), `provider` (replies of
//! providers), `openai_error` (errors for clients of the OpenAI protocol), `untrusted` (answers whose content is not
//! ours), `openapi` (what holds for every operation, and the document), `middleware` (the layers), [`router`] (the routes
//! with their layers).

pub mod auth;
pub mod channel;
pub mod chat;
pub mod completion;
pub mod config;
pub mod evaluation;
pub mod file;
pub mod folder;
pub mod function;
pub mod group;
pub mod image;
pub mod knowledge;
pub mod memory;
pub mod model;
pub mod note;
pub mod prompt;
pub mod realtime;
pub mod retrieval;
pub mod system;
pub mod task;
pub mod tool;
pub mod user;

mod access;
pub mod body;
pub mod caller;
pub mod error;
pub mod json;
mod middleware;
mod openai_error;
mod openapi;
pub mod param;
mod picture;
mod provider;
pub mod raw;
pub mod router;
pub mod server;
pub mod services;
pub mod session;
mod settings_form;
mod shape;
mod untrusted;

use poem_openapi::OpenApi;

pub use middleware::{BodyLimits, CorsOptions, SecurityHeaders, with_sessions};
pub use router::{HttpOptions, endpoint, openapi_document};
pub use services::Services;

/// The operations of every room. A tuple holds at most 16 APIs, so the rooms stand in groups.
pub(crate) fn rooms(services: &Services) -> impl OpenApi + use<> {
    let identity = (auth::api(services), user::api(services), group::api(services));
    let conversations = (chat::api(services), folder::api(services));
    let models = (
        model::api(services),
        completion::api(services),
        task::api(services),
    );
    let workspace = (
        tool::api(services),
        function::api(services),
        prompt::api(services),
        knowledge::api(services),
        file::api(services),
        memory::api(services),
        note::api(services),
        channel::api(services),
        evaluation::api(services),
    );
    let platform = (
        system::api(services),
        realtime::api(services),
        config::api(services),
        retrieval::api(services),
        image::api(services),
    );
    (identity, conversations, models, workspace, platform)
}
