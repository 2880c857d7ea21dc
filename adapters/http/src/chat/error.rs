use keelson_application::chat::ChatError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for ChatError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (400, "The title or the tag is not accepted."),
        (
            401,
            "Not signed in, or there is no such chat that the caller may use.",
        ),
        (404, "There is no such chat, or no such folder."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            ChatError::NotFound | ChatError::NotAllowed => StatusCode::UNAUTHORIZED,
            ChatError::Unknown | ChatError::NoFolder => StatusCode::NOT_FOUND,
            ChatError::ReservedTag | ChatError::TitleIsNoText => StatusCode::BAD_REQUEST,
            ChatError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on chats answers.
pub(super) type ChatResult<T> = Result<T, Failed<ChatError>>;
