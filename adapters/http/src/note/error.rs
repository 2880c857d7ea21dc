use keelson_application::note::NoteError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for NoteError {
    const ANSWERS: &'static [(u16, &'static str)] = &[(401, "The caller may not use notes.")];

    fn into_answer(self) -> ApiError {
        match &self {
            NoteError::NotAllowed => ApiError::of(StatusCode::UNAUTHORIZED, &self),
            NoteError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What an operation on notes answers.
pub(super) type NoteResult<T> = Result<T, Failed<NoteError>>;
