use keelson_application::channel::ChannelError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for ChannelError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (401, "The caller may not use channels."),
        (403, "Channels are switched off."),
    ];

    fn into_answer(self) -> ApiError {
        match &self {
            ChannelError::Disabled => ApiError::of(StatusCode::FORBIDDEN, &self),
            ChannelError::NotAllowed => ApiError::of(StatusCode::UNAUTHORIZED, &self),
            ChannelError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What an operation on channels answers.
pub(super) type ChannelResult<T> = Result<T, Failed<ChannelError>>;
