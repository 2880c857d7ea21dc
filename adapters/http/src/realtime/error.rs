use keelson_application::realtime::RealtimeError;

use crate::error::{ApiError, Failed, Failure};

impl Failure for RealtimeError {
    const ANSWERS: &'static [(u16, &'static str)] = &[(403, "Only admins may see the usage here.")];

    fn into_answer(self) -> ApiError {
        match &self {
            RealtimeError::AdminsOnly => ApiError::forbidden("Only admins may see the usage here."),
            RealtimeError::Unexpected(source) => ApiError::unexpected(source),
        }
    }
}

/// What an operation on open pages answers.
pub(super) type RealtimeResult<T> = Result<T, Failed<RealtimeError>>;
