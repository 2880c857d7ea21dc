use keelson_application::workspace::WorkspaceError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failure};

impl Failure for WorkspaceError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (401, "Not signed in, or not allowed."),
        (403, "Channels are switched off."),
    ];

    fn into_answer(self) -> ApiError {
        match &self {
            WorkspaceError::ChannelsOff => ApiError::of(StatusCode::FORBIDDEN, &self),
            WorkspaceError::NotAllowed => ApiError::of(StatusCode::UNAUTHORIZED, &self),
            WorkspaceError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}
