//! Feedback on answers, and the arenas, over HTTP.

mod api;
mod arena;
mod dto;
mod error;
mod everybody;
mod form;

use poem_openapi::OpenApi;

use crate::services::Services;

/// The room's operations.
pub fn api(services: &Services) -> impl OpenApi + use<> {
    (
        api::FeedbackApi {
            evaluations: services.evaluations.clone(),
        },
        everybody::FeedbacksApi {
            evaluations: services.evaluations.clone(),
        },
        arena::ArenaApi {
            settings: services.settings.clone(),
        },
    )
}
