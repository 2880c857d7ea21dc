//! Feedback on answers, and the arenas, over HTTP.

mod api;
mod arena;
mod dto;
mod error;
mod everybody;
mod form;

use std::sync::Arc;

use keelson_application::evaluation::Evaluations;
use poem_openapi::{OpenApi, Tags};

use crate::services::Services;

/// The room in the document.
#[derive(Tags)]
#[oai(rename_all = "lowercase")]
pub(crate) enum Tag {
    /// Ratings of answers, and the arena in which models compete.
    Evaluations,
}

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    let evaluations = Arc::new(Evaluations::new(&services.ports, services.access.clone()));
    (
        api::FeedbackApi {
            evaluations: evaluations.clone(),
        },
        everybody::FeedbacksApi { evaluations },
        arena::ArenaApi {
            settings: services.settings.clone(),
        },
    )
}
